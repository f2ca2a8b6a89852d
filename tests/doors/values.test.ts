import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CapturedLine, createCapturedLog } from '#server/testing/captured-log.ts'
import { type Ground, grounds, isLong } from '#server/testing/grounds.ts'
import { hostileTexts } from '#server/testing/hostile-texts.ts'
import { type Door, doorsOf, letIn, type Ready, readyCall, send } from './call.ts'
import { Stage } from './stage.ts'

/** What stands where something else was expected. */
const oddities: readonly unknown[] = [
  null,
  true,
  '',
  '\u0000',
  '\ud800',
  'a'.repeat(70_000),
  `${'\u0301'.repeat(2000)}e`,
  '%00%0d%0aSet-Cookie: matinee=x',
  '__proto__',
  -1,
  1e308,
  2 ** 53,
  0.1,
  [],
  [[[[]]]],
  {},
  { toString: 1, valueOf: null, length: -1 },
]
const words = hostileTexts.filter((_, n) => isLong || n % 20 === 0)

describe.each(grounds.list)('a value that nobody expects, %s', (ground: Ground) => {
  let stage: Stage
  let doors: Door[]
  const lines: CapturedLine[] = []
  beforeAll(async () => {
    stage = await Stage.open(ground, { log: createCapturedLog(lines) })
    doors = doorsOf(stage)
  })
  afterAll(async () => await stage?.[Symbol.asyncDispose]())

  const broken = () =>
    lines.filter(({ event }) => event === 'http.failed').map(({ fields }) => `${String(fields.route)}: ${String(fields.error)}`)

  /** Which of these values, in place of one field, the door does not bear. */
  async function brokenBy(door: Door, key: string, values: readonly unknown[]): Promise<string[]> {
    const wrong: string[] = []
    let ready: Ready | undefined
    // Who is asked for a password may try ten times: what is tried here is something else.
    for (const value of values.filter((one) => !(/password/i.test(key) && typeof one === 'string'))) {
      ready ??= await readyCall(stage, door, letIn(door))
      const { status, text } = await send(stage, ready, { ...ready.call, body: { ...(ready.call.body as object), [key]: value } })
      // What was refused has left everything as it was.
      if (status < 400) ready = undefined
      if (status >= 500 && status !== 503)
        wrong.push(`${door.name}, ${key} = ${String(JSON.stringify(value)).slice(0, 40)}: ${status} ${text.slice(0, 60)}`)
    }
    return wrong
  }

  test('[T30] [T21] in place of each field of each body: it is refused or taken as it is, and nothing breaks', async () => {
    const wrong: string[] = []
    const values = ground === 'embedded' || isLong ? [...oddities, ...words] : words
    for (const door of doors) {
      const { body } = (await readyCall(stage, door, letIn(door))).call
      if (typeof body !== 'object' || body instanceof Uint8Array) continue
      for (const key of Object.keys(body)) wrong.push(...(await brokenBy(door, key, values)))
    }
    expect(wrong).toEqual([])
    expect(broken()).toEqual([])
  }, 480_000)

  test('[T36] as a cursor, a limit or any other part of a query: it names the field, or leads to another place of the same list', async () => {
    const forged = (...value: unknown[]) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const cursors = [
      'x',
      '',
      '%00',
      'a'.repeat(600),
      forged('people', 'x'),
      forged('videos', 1e308, null),
      forged({}),
      forged('videos', ...Array(400).fill('x')),
      `${forged(2 ** 53, 'z')}=`,
    ]
    const bad = ['-1', '101', '1e3', '0x10', 'NaN', '1.5', '9'.repeat(400), "1'+or+1=1+--+", '%00', '', '[]']
    const wrong: string[] = []
    let asked = 0
    for (const door of doors.filter(({ route }) => route.method === 'GET' && route.query !== undefined)) {
      const properties = Object.keys((door.route.query as { properties?: object }).properties ?? {})
      const { call } = await readyCall(stage, door, letIn(door))
      const [path = ''] = call.path.split('?')
      const queries = properties.flatMap((name) => {
        const values = name === 'cursor' ? [...cursors, ...bad] : [...bad, ...words.map(encodeURIComponent), `x&${name}=y`]
        return values.map((value) => `${name}=${value}`)
      })
      for (const query of queries) {
        const { status, text } = await stage.call({ ...call, path: `${path}?${query}` })
        asked++
        if (status >= 500 && status !== 503) wrong.push(`${door.name}?${query}: ${status} ${text.slice(0, 60)}`)
      }
      const tooMany = properties.includes('limit') && (await stage.call({ ...call, path: `${path}?limit=101` })).status
      if (tooMany !== false && tooMany !== 400) wrong.push(`${door.name} gives more than a hundred`)
    }
    expect(wrong).toEqual([])
    expect(broken()).toEqual([])
    expect(asked).toBeGreaterThan(100)
  }, 300_000)

  test('[T34] [T9] as a Host, a forwarded address, a language or an id of a request: it is shown nowhere, and kept for nobody', async () => {
    const mark = 'evil-mark.example'
    const headers = {
      'x-forwarded-host': mark,
      'x-forwarded-proto': 'javascript',
      'x-forwarded-for': `"><script>${mark}`,
      'x-original-url': `/${mark}`,
      'x-rewrite-url': `/${mark}`,
      forwarded: `host=${mark}`,
      'x-request-id': `${mark}\u00e9"`,
      'accept-language': `${mark}"><script>, en`,
      'user-agent': `"><script>${mark}</script>`,
      referer: `https://${mark}/`,
      cookie: `language="><script>${mark}; theme=${mark}; matinee=`,
    }
    const wrong: string[] = []
    for (const door of doors.filter(({ route }) => route.method === 'GET')) {
      const { call } = await readyCall(stage, door, 'stranger')
      for (const host of ['localhost', `${mark}"><script>`, `${mark}/..`, `a@${mark}`]) {
        const answer = await stage.call({ ...call, headers: { ...call.headers, ...headers, host } })
        const said = JSON.stringify(answer.headers) + answer.text
        if (answer.text.includes('"><script>')) wrong.push(`${door.name} for ${host}: bare`)
        const isShared = answer.headers['cache-control']?.startsWith('public')
        if ((host === 'localhost' || isShared) && said.includes(mark))
          wrong.push(`${door.name} for ${host}: ${said.slice(Math.max(0, said.indexOf(mark) - 60), said.indexOf(mark) + 40)}`)
        if (answer.status >= 500 && answer.status !== 503) wrong.push(`${door.name} for ${host}: ${answer.status}`)
      }
    }
    expect(wrong).toEqual([])
  }, 300_000)
})
