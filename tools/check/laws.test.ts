import { expect, test } from 'vitest'
import { checkBudgets } from './budgets.ts'
import { checkContracts } from './contracts.ts'
import { checkHabits } from './habits.ts'
import { argumentsOf } from './icu.ts'
import { checkLinks } from './links.ts'
import { checkLocales } from './locales.ts'
import { checkProblems } from './problems.ts'
import { checkRules } from './rules.ts'
import { openHouse } from './testing/house.ts'
import { checkWords } from './words.ts'

const lines = (count: number, line = 'f()') => Array.from({ length: count }, () => line).join('\n')

test('budgets: a file of 401 lines and a function of 61 are refused', () => {
  using house = openHouse({ 'server/lib/a.ts': `${lines(401)}\n`, 'server/lib/b.ts': `function b() {\n${lines(59)}\n}\n` })
  expect(checkBudgets(house.root).complaints).toEqual([
    expect.stringContaining('a.ts: 401 lines, 400 at most'),
    expect.stringContaining('b.ts:1: a function of 61 lines'),
  ])
})

test('budgets: a factory is not long for its functions, nor a table for its rows', () => {
  const factory = `function create() {\n  return {\n    one() {\n${lines(40)}\n    },\n    two() {\n${lines(40)}\n    },\n  }\n}\n`
  const table = `function table() {\n  return [\n${lines(100, '1,')}\n  ]\n}\n`
  using house = openHouse({ 'server/lib/a.ts': factory, 'server/lib/b.ts': table })
  expect(checkBudgets(house.root).complaints).toEqual([])
})

const texts = (en: object, cn: object, tw: object) => ({
  'shared/locales/en/a.json': JSON.stringify(en),
  'shared/locales/zh-CN/a.json': JSON.stringify(cn),
  'shared/locales/zh-TW/a.json': JSON.stringify(tw),
})

test('locales: a text that a language lacks is refused', async () => {
  using house = openHouse(texts({ a: { b: 'One film' } }, { a: { b: '一部影片' } }, { a: {} }))
  expect((await checkLocales(house.root)).complaints).toEqual(['a.json a.b: missing in zh-TW'])
})

test('locales: other arguments, a broken message, an English text and the other script are refused', async () => {
  using house = openHouse(
    texts(
      { a: 'Hello {name}', b: 'Films: {count, plural, one {#} other {#}}', c: 'Sign in here', d: 'film', e: 'open' },
      { a: '你好 {user}', b: '影片：{count, plural, one {#}}', c: 'Sign in here', d: '電影', e: '打开' },
      { a: '你好 {name}', b: '影片：{count}', c: '登入', d: '电影', e: '開啟' },
    ),
  )
  const { complaints } = await checkLocales(house.root)
  expect(complaints).toEqual([
    expect.stringContaining('a.json a: other arguments'),
    expect.stringContaining('a.json b in zh-CN: Error: {count} has no option "other"'),
    expect.stringContaining('a.json c: zh-CN stands in English'),
    'a.json d: 電 is not zh-CN',
    'a.json d: 电 is not zh-TW',
  ])
})

test('locales: the arguments of a message are read as ICU reads them', () => {
  expect(argumentsOf("it''s '{quoted}' {a} {b, number} {c, plural, =0 {none} one {{d}} other {# {e, date, short}}}")).toEqual([
    'a:value',
    'b:number',
    'c:plural',
    'd:value',
    'e:date',
  ])
  for (const bad of ['{', '{a', 'a}', '{a, select, x {1}}', '{a, plural, other {1}']) expect(() => argumentsOf(bad)).toThrow()
})

test('problems: a code without a text and a text without a code are refused', () => {
  using house = openHouse({
    'shared/locales/en/problems.json': JSON.stringify({ film: { not_found: 'No such film', stale: 'Old' }, config: { port: 'A port' } }),
    'server/features/films/errors.ts':
      "export const a = new Problem('not_found', 'film.not_found')\nexport const b = new Problem('invalid', 'film.odd')\nexport const c = { path: 'x', code: 'film.bad_field' }\nexport const d = (k: string) => `config.${k}`\n",
  })
  expect(checkProblems(house.root).complaints).toEqual([
    expect.stringContaining('errors.ts:2: no text for "film.odd"'),
    expect.stringContaining('errors.ts:3: no text for "film.bad_field"'),
    'problems.json film.stale: nothing uses it',
  ])
})

test('rules: one without a test, a test without its rule, and one written twice are refused', () => {
  using house = openHouse({
    'server/features/rooms/rules.md': '- [R1] A late joiner waits.\n- [R2] Nobody else moves the clock.\n',
    'server/ports/queue.ts': '/**\n * [Q1] A task is taken once.\n * [R1] again\n */\nexport type Queue = 1\n',
    'server/features/rooms/rooms.test.ts': "test('[R1] [Q1] waits', () => {})\ntest(`${'x'}: [R9] is news`, () => {})\n",
  })
  expect(checkRules(house.root).complaints).toEqual([
    expect.stringContaining('[R1] is written elsewhere too'),
    "server/features/rooms/rules.md:2: no test's title quotes [R2]",
    'server/features/rooms/rooms.test.ts:2: there is no rule [R9]',
  ])
})

test('contracts: one that no test runs, and an adapter whose test does not run it, are refused', () => {
  using house = openHouse({
    'server/adapters/queue/queue.contract.ts': 'export function queueContract() {}',
    'server/adapters/queue/sqlite-queue.ts': '',
    'server/adapters/queue/redis-queue.ts': '',
    'server/adapters/mail/mail.contract.ts': 'export function mailContract() {}',
    'server/adapters/queue/sqlite-queue.test.ts': "import { queueContract } from './queue.contract.ts'",
  })
  expect(checkContracts(house.root).complaints).toEqual([
    'server/adapters/mail/mail.contract.ts: no test runs this contract',
    'server/adapters/queue/redis-queue.ts: no test beside it runs server/adapters/queue/queue.contract.ts',
  ])
})

test('habits: the environment, the end of the process, the console and vague names are refused', () => {
  using house = openHouse({
    'server/lib/a.ts': 'export const a = process.env.HOME\n',
    'server/jobs/b.ts': 'process.exit(1)\n',
    'server/http/c.ts': "console.log('x')\n",
    'server/utils/d.ts': '',
    'server/lib/camelCase.ts': '',
    'server/config/e.ts': 'export const e = process.env\n',
    'server/main.ts': 'process.exit(0)\n',
    'server/lib/f.test.ts': 'process.env.X = "1"\n',
  })
  const { complaints } = checkHabits(house.root)
  expect(complaints.map((complaint) => complaint.split(':')[0])).toEqual([
    'server/lib/camelCase.ts',
    'server/utils/d.ts',
    'server/http/c.ts',
    'server/jobs/b.ts',
    'server/lib/a.ts',
  ])
})

test('links: what leads nowhere is refused, headings and named paths included', () => {
  using house = openHouse({
    'README.md':
      '# Title\n[a](docs/a.md) [b](docs/gone.md) [c](docs/a.md#the-heading) [d](docs/a.md#none) [e](https://example.org/x)\n`server/lib/gone.ts`\n',
    'docs/a.md': '## The heading\n[up](../README.md#title)\n```\n[not a link](x.md)\n```\n',
  })
  expect(checkLinks(house.root).complaints).toEqual([
    'README.md:2: docs/gone.md leads nowhere',
    'README.md:2: docs/a.md#none leads nowhere',
    'README.md:3: server/lib/gone.ts leads nowhere',
  ])
})

test('words: a path of a machine, a promise, a silenced compiler and a test that does not run are refused', () => {
  const split = (...parts: string[]) => parts.join('')
  const bad = [split("const a = '/wo", "rk/x'"), split('// TO', 'DO later'), split('// @ts-ig', 'nore'), split('test.on', "ly('x')")]
  using house = openHouse({ 'server/lib/a.ts': bad.join('\n'), 'server/lib/b.ts': "const url = 'https://a.example/work/x'" })
  expect(checkWords(house.root).complaints.map((complaint) => complaint.split(': ')[0])).toEqual(
    [1, 2, 3, 4].map((line) => `server/lib/a.ts:${line}`),
  )
})
