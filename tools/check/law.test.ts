import { expect, test } from 'vitest'
import { checkImports } from './imports.ts'
import { type Import, may, sentences } from './law.ts'
import { openHouse } from './testing/house.ts'

const link = (from: string, to: string, extras: Partial<Import> = {}): Import => ({
  from,
  to,
  line: 1,
  kind: 'file',
  typeOnly: false,
  ...extras,
})
const broken = (one: Import) => sentences.filter((sentence) => sentence.broken(one)).map(({ name }) => name)

/** One breach for each sentence of the law, as a file that a person would write. */
const breaches: [sentence: string, path: string, text: string][] = [
  ['A folder imports only what the law allows it', 'server/lib/a.ts', "import type { Log } from '#server/ports/target.ts'"],
  ['A package is imported by its owner alone', 'server/features/films/service.ts', "import Fastify from 'fastify'"],
  ['Features meet as types', 'server/features/films/service.ts', "import { createPeople } from '#server/features/people/index.ts'"],
  ['Features meet at the door', 'server/features/films/service.ts', "import type { Row } from '#server/features/people/store.ts'"],
  ['Features are entered by the door', 'server/compose/a.ts', "import { store } from '#server/features/people/store.ts'"],
  ['Only routes.ts knows http/', 'server/features/films/service.ts', "import { route } from '#server/http/target.ts'"],
  ['Only sockets.ts knows realtime/', 'server/features/films/routes.ts', "import { door } from '#server/realtime/target.ts'"],
  ['Only jobs.ts knows jobs/', 'server/features/films/routes.ts', "import { taskKind } from '#server/jobs/target.ts'"],
  [
    'Only store.ts and index.ts know database/',
    'server/features/films/service.ts',
    "import type { Database } from '#server/database/target.ts'",
  ],
  ['Adapters are opened by compose/ alone', 'server/roles/a.ts', "const a = await import('#server/adapters/target.ts')"],
  ['Web features do not meet', 'web/features/films/a.tsx', "import { b } from '../people/target.tsx'"],
  ['Only tests know testing/', 'server/compose/a.ts', "import { clock } from '#server/testing/target.ts'"],
  ['The product leans on no tool, test or example', 'server/cli/a.ts', "import { run } from '../../tools/target.ts'"],
]

test.each(breaches)('refused: %s', (sentence, path, text) => {
  using house = openHouse({ [path]: text })
  expect(checkImports(house.root).complaints.filter((complaint) => complaint.endsWith(sentence))).toHaveLength(1)
})

test('every sentence of the law has its breach above', () => {
  expect(new Set(breaches.map(([sentence]) => sentence))).toEqual(new Set(sentences.map(({ name }) => name)))
})

test('each folder reaches what stands beside its name, and nothing else', () => {
  const rooms = Object.keys(may)
  const room = 'A folder imports only what the law allows it'
  for (const from of rooms) {
    for (const to of rooms) {
      const allowed = from === to || (may[from] ?? []).includes(to)
      expect([from, to, broken(link(`${from}/a.ts`, `${to}/b.ts`)).includes(room)]).toEqual([from, to, !allowed])
    }
  }
})

test.each([
  ['a type in the signature', "export type A = import('#server/ports/target.ts').B"],
  ['a worker', "new Worker(new URL('../ports/target.ts', import.meta.url))"],
  ['an export from elsewhere', "export * from '../ports/target.ts'"],
  ['an import for its effect', "import '#server/ports/target.ts'"],
  ['a late import', "await import('#server/ports/target.ts')"],
])('%s is an import as well', (_name, text) => {
  using house = openHouse({ 'server/lib/a.ts': text, 'server/ports/target.ts': 'export type B = 1' })
  expect(checkImports(house.root).complaints).toEqual([expect.stringContaining('A folder imports only')])
})

test('an import of types only by its braces still loads the file, so it does not count as one', () => {
  using house = openHouse({
    'server/features/films/service.ts': "import { type People } from '#server/features/people/index.ts'",
    'server/features/people/index.ts': 'export type People = 1',
  })
  expect(checkImports(house.root).complaints).toEqual([expect.stringContaining('Features meet as types')])
})

test('rings are refused, of types too, and shown', () => {
  using house = openHouse({
    'server/lib/a.ts': "import type { B } from './b.ts'\nexport type A = B",
    'server/lib/b.ts': "import type { C } from './c.ts'\nexport type B = C",
    'server/lib/c.ts': "import type { A } from './a.ts'\nexport type C = A",
    'server/lib/d.ts': "import type { A } from './a.ts'\nexport type D = A",
  })
  expect(checkImports(house.root).complaints).toEqual(['No rings: server/lib/a.ts → server/lib/b.ts → server/lib/c.ts → server/lib/a.ts'])
})

test('a folder that the law does not know, a file that is not there, and one that does not parse are refused', () => {
  using house = openHouse({ 'server/elsewhere/a.ts': '', 'server/lib/b.ts': "import './gone.ts'", 'server/lib/c.ts': 'const = 1' })
  const { complaints } = checkImports(house.root)
  expect(complaints).toHaveLength(3)
  expect(complaints.join('\n')).toMatch(/c[.]ts: does not parse[\s\S]*no place in the law[\s\S]*no such file/)
})

test('what ships leans on no package that only development has', () => {
  using house = openHouse({ 'server/lib/a.ts': "import { test } from 'vitest'", 'server/lib/b.ts': "import type { Plugin } from 'vite'" })
  expect(checkImports(house.root).complaints).toEqual([expect.stringContaining('server/lib/a.ts:1 → vitest: what ships')])
})

test('tests may reach everywhere', () => {
  using house = openHouse({
    'server/lib/a.test.ts': "import { b } from '#server/adapters/b.ts'",
    'server/adapters/b.ts': 'export const b = 1',
  })
  expect(checkImports(house.root)).toEqual({ complaints: [], note: '2 files, 1 imports' })
})
