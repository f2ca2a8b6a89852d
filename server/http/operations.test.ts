import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { openPinoLog } from '#server/adapters/log/pino-log.ts'
import { createMetrics } from '#server/lib/metrics.ts'
import { Problem } from '#server/lib/problem.ts'
import { openTestHttp } from '#server/testing/http.ts'
import { route } from './route.ts'

const echo = route({
  method: 'POST',
  path: '/echo/:name',
  area: 'test',
  summary: 'Fails in many ways.',
  access: 'anyone',
  params: Type.Object({ name: Type.String() }),
  query: Type.Object({ key: Type.Optional(Type.String()) }),
  body: Type.Object({ password: Type.String() }),
  answers: { 201: null },
  handle: async ({ params }) => {
    if (params.name === 'bug') throw new Error('It broke.')
    throw new Problem('conflict', 'http.idempotency_key_reused')
  },
})

test('health answers without asking anybody; readiness asks each part and keeps the reasons for insiders', async () => {
  const probes = { database: async () => {}, redis: async () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:6379')) }
  await using http = await openTestHttp([], { probes })
  expect((await http.inject({ path: '/health' })).json).toEqual({ isAlive: true })
  const outside = await http.inject({ path: '/ready', from: '203.0.113.7' })
  expect([outside.status, outside.json]).toEqual([
    503,
    {
      isReady: false,
      parts: [
        { part: 'database', isReady: true },
        { part: 'redis', isReady: false },
      ],
    },
  ])
  const inside = await http.inject({ path: '/ready' })
  expect(inside.text).toContain('10.0.0.7')
  expect(
    await http.inject({ path: '/api/admin/process/ready', from: '203.0.113.7', headers: { authorization: 'Bearer admin' } }),
  ).toMatchObject({ json: { isReady: false } })
  expect(await http.inject({ path: '/api/health' })).toMatchObject({ status: 404 })
})

test('a part that does not answer is not ready, and probes do not become load', async () => {
  let asked = 0
  const probes = { slow: () => new Promise<void>(() => asked++) }
  await using http = await openTestHttp([], { probes })
  const answers = await Promise.all(Array.from({ length: 20 }, () => http.inject({ path: '/ready' })))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
  expect(asked).toBe(1)
})

test('figures are for the bearer of the token, or for this machine where there is none, never through a proxy', async () => {
  await using open = await openTestHttp([])
  const ask = (http: typeof open, from: string, headers: Record<string, string> = {}) => http.inject({ path: '/metrics', from, headers })
  expect((await ask(open, '127.0.0.1')).status).toBe(200)
  expect((await ask(open, '127.0.0.1', { 'x-forwarded-for': '127.0.0.1' })).status).toBe(404)
  expect((await ask(open, '127.0.0.1', { host: 'cinema.example' })).status).toBe(404)
  expect((await ask(open, '203.0.113.7')).status).toBe(404)
  await using closed = await openTestHttp([], { settings: { metricsToken: 'figures' } })
  expect((await ask(closed, '127.0.0.1')).status).toBe(404)
  expect((await ask(closed, '203.0.113.7', { authorization: 'Bearer figures' })).status).toBe(200)
  expect((await closed.inject({ path: '/api/admin/process/metrics', headers: { authorization: 'Bearer admin' } })).status).toBe(200)
})

test('requests are counted by route, never by what a caller writes', async () => {
  await using http = await openTestHttp([echo])
  for (let i = 0; i < 30; i++) {
    await http.inject({ method: 'POST', path: `/api/echo/name-${i}`, body: { password: 'x' } })
    await http.inject({ method: i % 2 ? 'PROPFIND' : 'GET', path: `/wherever/${i}` })
  }
  const { text } = await http.inject({ path: '/metrics' })
  expect(text).toContain('matinee_http_requests_total{method="POST",route="/api/echo/:name",status="409"} 30')
  expect(text).toContain('matinee_http_requests_total{method="GET",route="none",status="404"} 15')
  expect(text).toContain('matinee_http_requests_total{method="other",route="none",status="404"} 15')
  expect(text).toMatch(/matinee_http_request_seconds_bucket\{method="POST",route="\/api\/echo\/:name",le="\+Inf"\} 30/)
  expect(text).toMatch(/matinee_event_loop_delay_seconds\{quantile="0.99"\} /)
})

test('labels are bounded: beyond the bound everything new is one', () => {
  const metrics = createMetrics({ maxSeries: 3 })
  const counter = metrics.counter('tries', 'Tries.', ['who'])
  for (let i = 0; i < 100; i++) counter.of(`caller "${i}"\n`).value++
  const lines = metrics
    .text()
    .split('\n')
    .filter((line) => line.startsWith('tries{'))
  expect(lines).toEqual([
    'tries{who="caller \\"0\\"\\n"} 1',
    'tries{who="caller \\"1\\"\\n"} 1',
    'tries{who="caller \\"2\\"\\n"} 1',
    'tries{who="other"} 97',
  ])
})

test('a good answer leaves no line, a refusal one, a bug its whole story, all under the id that the caller was told', async () => {
  await using http = await openTestHttp([echo])
  await http.inject({ path: '/health' })
  expect(http.lines).toEqual([])
  const refused = await http.inject({
    method: 'POST',
    path: '/api/echo/x',
    body: { password: 'x' },
    headers: { 'x-request-id': 'front-12345678' },
  })
  expect(refused).toMatchObject({ headers: { 'x-request-id': 'front-12345678' }, json: { requestId: 'front-12345678' } })
  await expect
    .poll(() => http.lines)
    .toMatchObject([
      { level: 'info', event: 'http.answered', fields: { route: '/api/echo/:name', status: 409, requestId: 'front-12345678' } },
    ])
  await http.inject({ method: 'POST', path: '/api/echo/bug', body: { password: 'x' }, headers: { 'x-request-id': 'evil\tid' } })
  await expect.poll(() => http.lines.length).toBe(3)
  expect(http.lines.map(({ level }) => level)).toEqual(['info', 'error', 'error'])
  expect(http.lines[2]?.fields.requestId).not.toContain('evil')
})

test('[T6] of a thousand planted secrets none is in the log', async () => {
  let written = ''
  const log = openPinoLog({ level: 'debug', format: 'json', output: { write: (line) => (written += line) } })
  await using http = await openTestHttp([echo], { log, settings: { requestsPerMinute: 100_000, slowRequestMs: 0 } })
  const secret = (place: string, i: number) => `sEcReT-${place}-${i}`
  for (let i = 0; i < 125; i++) {
    const headers = {
      authorization: `Bearer ${secret('bearer', i)}`,
      cookie: `matinee=${secret('cookie', i)}; other=${secret('other', i)}`,
      'x-api-key': secret('header', i),
      referer: `http://localhost/?${secret('referer', i)}`,
    }
    await http.inject({
      method: 'POST',
      path: `/api/echo/${secret('path', i)}?key=${secret('query', i)}`,
      body: { password: secret('body', i) },
      headers: i % 2 ? headers : { 'x-api-key': secret('header', i) },
    })
    await http.inject({ path: `/api/nothing/${secret('unknown', i)}?token=${secret('query', i)}` })
    await http.inject({ method: 'POST', path: '/api/echo/bug', body: { password: secret('body', i) } })
  }
  expect(written.split('\n').length).toBeGreaterThan(250)
  expect(written).not.toContain('sEcReT')
})

test('admins see where time goes, one at a time; only the owner may write memory down', async () => {
  await using http = await openTestHttp([])
  const ask = (kind: string, who: string, query = '') =>
    http.inject({ method: 'POST', path: `/api/admin/profile/${kind}${query}`, headers: { authorization: `Bearer ${who}` } })
  expect((await ask('cpu', 'moderator')).status).toBe(403)
  const [first, second] = await Promise.all([ask('cpu', 'admin', '?seconds=1'), ask('cpu', 'admin', '?seconds=1')])
  expect([first.status, second.status].sort()).toEqual([200, 409])
  expect([first, second].find(({ status }) => status === 200)?.json).toHaveProperty('nodes')
  expect((await ask('heap', 'admin')).status).toBe(403)
  expect((await ask('heap', 'owner')).text.slice(0, 13)).toBe('{"snapshot":{')
}, 300_000)
