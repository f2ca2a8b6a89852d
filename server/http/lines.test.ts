import { connect, type Socket } from 'node:net'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { openTestHttp, type TestHttp } from '#server/testing/http.ts'
import { type Route, route } from './route.ts'
import type { HttpSettings } from './settings.ts'

const quick = route({
  method: 'GET',
  path: '/quick',
  area: 'test',
  summary: 'Answers.',
  access: 'anyone',
  answers: { 200: Type.Object({ ok: Type.Boolean() }) },
  handle: async () => ({ status: 200, body: { ok: true } }),
})
const taking = route({
  method: 'POST',
  path: '/taking',
  area: 'test',
  summary: 'Takes.',
  access: 'anyone',
  body: Type.Object({ text: Type.String() }),
  answers: { 201: null },
  handle: async () => ({ status: 201 }),
})

async function listening(
  routes: Route[],
  settings: Partial<HttpSettings> = {},
  more: { openFileLimit?: number } = {},
): Promise<TestHttp & { port: number }> {
  const http = await openTestHttp(routes, { settings, ...more })
  await http.listen()
  return Object.assign(http, { port: http.address?.port ?? 0 })
}

/** A bare line, and all that came over it until it closed. */
function line(port: number): { socket: Socket; heard: Promise<string>; saw(text: string): Promise<void> } {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  const heard = new Promise<string>((resolve) => {
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
  const saw = async (part: string) => {
    await expect.poll(() => text).toContain(part)
  }
  return { socket, heard, saw }
}

const head = (text: string) => `${text}\r\nHost: localhost\r\n`

test('[T23] a head that comes a byte now and then is refused, while others are served', async () => {
  await using http = await listening([quick], { headersTimeoutMs: 300 })
  const slow = Array.from({ length: 20 }, () => line(http.port))
  for (const { socket } of slow) socket.write('GET /api/quick HT')
  const answers = await Promise.all(slow.map(({ heard }) => heard))
  expect(new Set(answers.map((answer) => answer.slice(0, 12)))).toEqual(new Set(['HTTP/1.1 408']))
  expect((await fetch(`${http.address?.url}/api/quick`)).status).toBe(200)
})

test('[T23] a body that does not move is refused; one that moves may take its time', async () => {
  const stallTimeoutMs = 2500
  await using http = await listening([taking], { stallTimeoutMs })
  const begin = head(`POST /api/taking HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: ${'{"text":""}'.length + 200_000}`)
  const held = line(http.port)
  held.socket.write(`${begin}\r\n{"text":"`)
  const drip = setInterval(() => held.socket.write('a'), 100)
  const moving = line(http.port)
  moving.socket.write(`${begin}\r\n{"text":"`)
  const startedMs = performance.now()
  let sent = 0
  while (performance.now() - startedMs < 2 * stallTimeoutMs) {
    await new Promise((go) => setTimeout(go, 60))
    moving.socket.write('a'.repeat(600))
    sent += 600
  }
  moving.socket.write(`${'a'.repeat(200_000 - sent)}"}`)
  await moving.saw('HTTP/1.1 201')
  moving.socket.end()
  const answer = await held.heard
  clearInterval(drip)
  expect(answer).toMatch(/^HTTP\/1.1 408 /)
  expect(answer).toContain('http.request_too_slow')
})

test('an address that only holds lines gets few of them; one that uses them gets many', async () => {
  await using http = await listening([quick], { maxUnprovenPerAddress: 5, maxConnectionsPerAddress: 12 })
  const used: ReturnType<typeof line>[] = []
  while (used.length < 8) {
    const one = line(http.port)
    used.push(one)
    one.socket.write(`${head('GET /api/quick HTTP/1.1')}\r\n`)
    await one.saw('200 OK')
  }
  const holding = Array.from({ length: 4 }, () => line(http.port))
  expect(await line(http.port).heard).toContain('503 Service Unavailable')
  used.pop()?.socket.destroy()
  used.pop()?.socket.destroy()
  await expect.poll(async () => (await http.inject({ path: '/metrics' })).text).toMatch(/^matinee_http_connections 10$/m)
  holding.push(line(http.port))
  expect(await line(http.port).heard).toContain('503 Service Unavailable')
  for (const { socket } of [...used, ...holding]) socket.destroy()
  await expect.poll(async () => (await fetch(`${http.address?.url}/api/quick`).catch(() => undefined))?.status).toBe(200)
  const figures = (await http.inject({ path: '/metrics' })).text
  expect(figures).toMatch(/matinee_http_connections_refused_total\{why="address"\} 1/)
  expect(figures).toMatch(/matinee_http_connections_refused_total\{why="unproven"\} [1-9]/)
})

test('[F17] with few descriptors lines are refused before the system refuses everything, and service returns', async () => {
  await using http = await listening([quick], { maxUnprovenPerAddress: 1000, maxConnectionsPerAddress: 1000 }, { openFileLimit: 160 })
  const lines = Array.from({ length: 200 }, () => line(http.port))
  const refused = await Promise.all(lines.slice(150).map(({ heard }) => heard))
  expect(refused.length).toBe(50)
  for (const { socket } of lines) socket.destroy()
  await expect.poll(async () => (await fetch(`${http.address?.url}/api/quick`).catch(() => undefined))?.status).toBe(200)
})

test('[T23] what is no HTTP, or two kinds of it at once, is refused and the line closed', async () => {
  await using http = await listening([taking])
  const ask = async (text: string) => {
    const { socket, heard } = line(http.port)
    socket.write(text)
    return (await heard).split('\r\n', 1)[0]
  }
  expect(await ask('SSH-2.0-OpenSSH_9.2\r\n\r\n')).toBe('HTTP/1.1 400 Bad Request')
  expect(await ask(`${head('POST /api/taking HTTP/1.1')}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toBe(
    'HTTP/1.1 400 Bad Request',
  )
  expect(await ask(`${head('POST /api/taking HTTP/1.1')}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd`)).toBe(
    'HTTP/1.1 400 Bad Request',
  )
  expect(await ask(`${head('POST /api/taking HTTP/1.1')}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`)).toBe(
    'HTTP/1.1 400 Bad Request',
  )
  expect(await ask('GET /api/taking HTTP/1.1\r\n\r\n')).toBe('HTTP/1.1 400 Bad Request')
  const last = 'Connection: close\r\n\r\n'
  expect(await ask(`${head('GET /api/taking HTTP/1.1')}Host: elsewhere\r\n${last}`)).toBe('HTTP/1.1 400 Bad Request')
  for (const host of ['a b', 'a"><script>', 'a/b', 'a@b', 'a:99999999', '[::1', 'a,b'])
    expect(await ask(`GET /api/taking HTTP/1.1\r\nHost: ${host}\r\n${last}`), host).toBe('HTTP/1.1 400 Bad Request')
  const spellings = [
    'chunked\r\nTransfer-Encoding: identity',
    'xchunked',
    ' chunked\r\nContent-Length: 3',
    'chunked\r\nContent-Length: 0',
    '\x0bchunked',
    'chunked;q=1',
  ]
  for (const spelling of spellings)
    expect(await ask(`${head('POST /api/taking HTTP/1.1')}Transfer-Encoding: ${spelling}\r\n${last}0\r\n\r\n`), spelling).toBe(
      'HTTP/1.1 400 Bad Request',
    )
  for (const length of ['+4', '-1', '0x4', '4, 4', '4 4', '99999999999999999999', ''])
    expect(await ask(`${head('POST /api/taking HTTP/1.1')}Content-Length: ${length}\r\n${last}abcd`), length).toBe(
      'HTTP/1.1 400 Bad Request',
    )
  for (const bare of ['X: a\nY: b', 'X : a', ' X: a', 'X\x00: a', 'X: a\rY: b'])
    expect(await ask(`${head('GET /api/taking HTTP/1.1')}${bare}\r\n${last}`), JSON.stringify(bare)).toBe('HTTP/1.1 400 Bad Request')
  expect(await ask(`${head('GET / HTTP/1.1')}X: ${'a'.repeat(20_000)}\r\n\r\n`)).toBe('HTTP/1.1 431 Request Header Fields Too Large')
})

test('HTTP/1.0 is served: no host, no chunks, and the line closes', async () => {
  const streaming = route({
    method: 'GET',
    path: '/streaming',
    area: 'test',
    summary: 'Streams.',
    access: 'anyone',
    answers: { 200: null },
    handle: async () => ({ status: 200, headers: { 'content-type': 'text/plain' }, bytes: parts() }),
  })
  async function* parts() {
    yield new TextEncoder().encode('one ')
    yield new TextEncoder().encode('two')
  }
  await using http = await listening([streaming, quick])
  const first = line(http.port)
  first.socket.write('GET /api/streaming HTTP/1.0\r\n\r\n')
  const answer = await first.heard
  expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/)
  expect(answer).not.toMatch(/transfer-encoding/i)
  expect(answer).toMatch(/\r\n\r\none two$/)
  const absolute = line(http.port)
  absolute.socket.write(`${head('GET http://localhost/api/quick?x=1 HTTP/1.1')}Connection: close\r\n\r\n`)
  expect(await absolute.heard).toContain('"code":"http.wrong_fields"')
})

test('who is refused while still sending gets the answer, and the rest is not read', async () => {
  await using http = await listening([taking])
  const { socket, heard, saw } = line(http.port)
  socket.write(`${head('POST /api/taking HTTP/1.1')}Content-Type: application/json\r\nContent-Length: 900000000\r\n\r\n{"text":"`)
  const pour = setInterval(() => socket.writable && socket.write('a'.repeat(100_000)), 5)
  await saw('HTTP/1.1 413')
  await heard
  clearInterval(pour)
  expect(socket.bytesWritten).toBeLessThan(100_000_000)
})

test('who asks first whether a body is welcome is told before sending it', async () => {
  await using http = await listening([taking])
  const expecting = 'Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 13\r\n\r\n'
  const welcome = line(http.port)
  welcome.socket.write(head('POST /api/taking HTTP/1.1') + expecting)
  await welcome.saw('100 Continue')
  welcome.socket.write('{"text":"abc"}'.slice(0, 13))
  await welcome.saw('HTTP/1.1 400')
  welcome.socket.destroy()
  const foreign = line(http.port)
  foreign.socket.write(`${head('POST /api/taking HTTP/1.1')}Origin: https://evil.example\r\n${expecting}`)
  await foreign.saw('HTTP/1.1 403')
  foreign.socket.destroy()
})

test('shutting down lets what is under way end, says so meanwhile, and closes idle lines at once', async () => {
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const waiting = route({
    method: 'GET',
    path: '/waiting',
    area: 'test',
    summary: 'Waits.',
    access: 'anyone',
    answers: { 200: Type.Object({ ok: Type.Boolean() }) },
    handle: async () => {
      begin()
      await mayEnd
      return { status: 200, body: { ok: true } }
    },
  })
  const http = await listening([waiting, quick])
  const idle = line(http.port)
  idle.socket.write(`${head('GET /api/quick HTTP/1.1')}\r\n`)
  await idle.saw('200 OK')
  const busy = line(http.port)
  busy.socket.write(`${head('GET /api/waiting HTTP/1.1')}\r\n`)
  await begun
  const closed = http.close()
  await idle.heard
  expect(await http.readiness.look()).toMatchObject({ isReady: false })
  end()
  expect(await busy.heard).toMatch(/^HTTP\/1.1 200 OK[^]*connection: close/i)
  await closed
})
