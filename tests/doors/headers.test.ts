import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Injected } from '#server/http/inject.ts'
import { type Door, doorsOf, letIn, readyCall, send } from './call.ts'
import { isUnsafe } from './knock.ts'
import { Stage } from './stage.ts'

type Policy = Readonly<Record<string, string | undefined>>

/** What every answer says to a browser; data of any kind, then pages. */
const data: Policy = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}
const page: Policy = {
  ...data,
  'cross-origin-opener-policy': 'same-origin',
  'content-security-policy': [
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data: blob:",
    "manifest-src 'self'",
    "media-src 'self' blob:",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "script-src 'self'",
    "style-src 'self'",
    "trusted-types matinee 'allow-duplicates'",
    "worker-src 'self' blob:",
  ].join('; '),
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
}
/** Whoever its owner lets show the film may frame this page, and no other. */
const framed: Policy = {
  ...page,
  'content-security-policy': page['content-security-policy']?.replace("frame-ancestors 'none'", 'frame-ancestors *'),
  'x-frame-options': undefined,
}
/** What people brought: shown by nobody as a page, were it one. */
const brought: Policy = { ...data, 'content-security-policy': "sandbox; default-src 'none'" }
const own: Readonly<Record<string, Policy>> = {
  'GET /avatars/:file': brought,
  'GET /user/:username/avatar': brought,
  'GET /stream/:vid': brought,
  'GET /sw.js': { ...data, 'content-security-policy': "default-src 'none'; connect-src 'self'; script-src 'self'" },
}

/** Whatever else a route may answer with. A name that stands in neither list is a secret told, or a promise that nobody keeps. */
const others = new Set(
  `accept-ranges age allow cache-control connection content-disposition content-encoding content-language content-length content-range content-type date
  etag expires last-modified location permissions-policy ratelimit-limit ratelimit-remaining ratelimit-reset retry-after set-cookie transfer-encoding upgrade vary www-authenticate
  x-request-id matinee-wrote idempotent-replayed upload-offset upload-length upload-expires upload-metadata tus-resumable tus-version tus-extension
  tus-max-size tus-checksum-algorithm`.split(/\s+/),
)

function wrongIn({ headers }: Injected, wanted: Policy): string[] {
  const missing = Object.entries(wanted).flatMap(([name, value]) => (headers[name] === value ? [] : [`${name}: ${String(headers[name])}`]))
  const strange = Object.keys(headers).filter((name) => !(name in page) && !others.has(name))
  return [...missing, ...strange.map((name) => `nobody knows ${name}`)]
}

const policyOf = ({ name }: Door, { headers, status }: Injected): Policy => {
  if (headers['content-type']?.startsWith('text/html')) return name === 'GET /embed/:vid' && status < 400 ? framed : page
  return status < 400 ? (own[name] ?? data) : data
}

describe('the headers of every route', () => {
  let stage: Stage
  let doors: Door[]
  beforeAll(async () => {
    stage = await Stage.open('embedded')
    doors = doorsOf(stage)
  })
  afterAll(async () => await stage?.[Symbol.asyncDispose]())

  test('[T9] say what a browser may do with the answer, whoever asks and whatever comes of it', async () => {
    const wrong: string[] = []
    for (const door of doors) {
      for (const kind of ['stranger', letIn(door)] as const) {
        const ready = await readyCall(stage, door, kind)
        const answer = await send(stage, ready, ready.call)
        for (const told of wrongIn(answer, policyOf(door, answer))) wrong.push(`${door.name}, ${kind}, ${answer.status}: ${told}`)
      }
    }
    expect(wrong).toEqual([])
  }, 300_000)

  test('[T34] nothing that was answered to somebody may be kept for others; what may be kept is the same for all', async () => {
    const wrong: string[] = []
    const shared: string[] = []
    for (const door of doors) {
      const ready = await readyCall(stage, door, letIn(door))
      const answer = await send(stage, ready, ready.call)
      const caching = answer.headers['cache-control'] ?? ''
      if (isUnsafe(door.route) && caching !== 'no-store') wrong.push(`${door.name}: ${caching}`)
      if (!/^(no-store|(private|public), (no-cache|no-store|max-age=\d+(, immutable)?)|no-store, no-transform)$/.test(caching))
        wrong.push(`${door.name}: ${caching}`)
      if (isUnsafe(door.route)) continue
      const { authorization: _, cookie: __, ...bare } = ready.call.headers
      const tag = answer.headers.etag
      const stranger = await stage.call({ ...ready.call, headers: { ...bare, ...(tag ? { 'if-none-match': tag } : {}) } })
      if (caching.startsWith('public')) shared.push(door.name)
      // A tag that somebody else got says nothing to who may not have the thing.
      const expected = caching.startsWith('public')
        ? [200, 304]
        : [door.entry.answers.stranger, ...(door.entry.answers.stranger === 200 ? [304] : [])]
      if (!expected.includes(stranger.status)) wrong.push(`${door.name} to a stranger after ${letIn(door)}: ${stranger.status}`)
      if (caching.startsWith('public') && stranger.status === 200 && !stranger.bytes.equals(answer.bytes))
        wrong.push(`${door.name} is kept for all and is not the same`)
    }
    expect(wrong).toEqual([])
    expect(shared.length).toBeGreaterThan(3)
  }, 300_000)

  test('[T34] an address with a tail that looks like a file is another address', async () => {
    const wrong: string[] = []
    for (const door of doors.filter(({ route }) => !isUnsafe(route))) {
      const { call } = await readyCall(stage, door, letIn(door))
      const [path = ''] = call.path.split('?')
      for (const tail of ['/x.css', '%2fx.css', ';x.css', '%3bx.js', '%0ax.css', '%00.png', '/..%2fx.css', '.css']) {
        if (doors.some(({ place }) => place === path + tail)) continue
        const { status, headers } = await stage.call({ ...call, path: path + tail })
        if (status < 300 && headers['cache-control']?.startsWith('public'))
          wrong.push(`${door.name}${tail}: ${status} ${headers['cache-control']}`)
      }
    }
    expect(wrong).toEqual([])
  }, 300_000)

  test('[T9] what no route answers is answered as strictly: 404, 405, preflights, and what the parser refuses', async () => {
    const answers = await Promise.all([
      stage.call({ path: '/no-such-thing' }),
      stage.call({ path: '/no-such-page', headers: { accept: 'text/html' } }),
      stage.call({ path: '/api/no-such-thing' }),
      stage.call({ method: 'PUT', path: '/api/me/closing' }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 405])
    for (const answer of answers)
      expect(wrongIn(answer, answer.headers['content-type']?.startsWith('text/html') ? page : data), String(answer.status)).toEqual([])
    const raw = await Promise.all(['GET / HTTP/9.9\r\n\r\n', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`].map(askBare))
    expect(raw.map((said) => said.slice(9, 12))).toEqual(['400', '431'])
    for (const said of raw) for (const [name, value] of Object.entries(data)) expect(said).toContain(`${name}: ${value}\r\n`)
  })

  async function askBare(said: string): Promise<string> {
    const socket = connect(Number(new URL(await stage.matinee.url()).port), '127.0.0.1')
    socket.write(said)
    // A line that breaks after its answer has told it.
    let answer = ''
    socket.on('data', (bytes) => (answer += String(bytes))).on('error', () => {})
    await once(socket, 'close')
    return answer
  }
})
