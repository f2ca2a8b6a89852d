import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseSince } from './handshake.ts'
import { openRealtimeHouse, type RealtimeHouse } from '#server/testing/realtime-house.ts'
import { type ConnectOptions, connectSocket } from '#server/testing/socket-client.ts'

let house: RealtimeHouse
let origin: string
beforeAll(async () => {
  house = await openRealtimeHouse()
  origin = house.first.origin
})
afterAll(() => house[Symbol.asyncDispose]())

const connect = (options: ConnectOptions) => connectSocket(house.first.port, options)
const statusOf = (options: ConnectOptions) =>
  connect(options).then(
    () => 101,
    (error: { status?: number }) => error.status,
  )

describe('a cookie speaks for its sender only from our own pages', () => {
  test('from our own origin it is let in', async () => {
    using ann = await connect({ cookie: 'ann', origin })
    expect((await ann.next('socket.welcome')).d).toMatchObject({ resumed: false })
  })

  test('[RT1] [T7] of twenty hostile origins none is upgraded, whatever else is shown', async () => {
    const { port } = house.first
    const hostile = [
      'null',
      'http://evil.example',
      `https://127.0.0.1:${port}`,
      `HTTP://127.0.0.1:${port}`,
      `http://127.0.0.1:${port}/`,
      `http://127.0.0.1:${port}.evil.example`,
      `http://127.0.0.1:${port + 1}`,
      'http://127.0.0.1',
      `http://127.0.0.1:${port}@evil.example`,
      `http://evil.example/127.0.0.1:${port}`,
      `http://x127.0.0.1:${port}`,
      `http://127.0.0.1.evil.example:${port}`,
      `ws://127.0.0.1:${port}`,
      `http://localhost:${port}`,
      `http://[::ffff:127.0.0.1]:${port}`,
      `http://0x7f000001:${port}`,
      `http://127.1:${port}`,
      `http://127.0.0.1:${port},http://evil.example`,
      `file://127.0.0.1:${port}`,
      '',
    ]
    expect(hostile).toHaveLength(20)
    const statuses = await Promise.all(hostile.map((from) => statusOf({ cookie: 'ann', headers: { origin: from } })))
    expect(statuses).toEqual(hostile.map(() => 403))
    // A token does not make a foreign page a friend.
    expect(await Promise.all(hostile.map((from) => statusOf({ as: 'ann', headers: { origin: from } })))).toEqual(hostile.map(() => 403))
  })

  test('[RT1] [T7] a cookie without any origin is refused', async () => {
    expect(await statusOf({ cookie: 'ann' })).toBe(403)
  })
})

describe('clients without cookies', () => {
  test('show a bearer token', async () => {
    using ann = await connect({ as: 'ann' })
    await ann.next('socket.welcome')
    expect(await statusOf({ as: 'wrong' })).toBe(401)
  })

  test('or buy a ticket with it, which works once', async () => {
    const ticket = await buyTicket('ann')
    using ann = await connect({ ticket })
    await ann.next('socket.welcome')
    expect(await statusOf({ ticket })).toBe(401)
    expect(await statusOf({ ticket: 'never-issued' })).toBe(401)
  })

  test('ten that show one ticket at once: one gets in', async () => {
    const ticket = await buyTicket('bob')
    const statuses = await Promise.all(Array.from({ length: 10 }, () => statusOf({ ticket })))
    expect(statuses.filter((status) => status === 101)).toHaveLength(1)
  })

  test('a ticket dies with the session that bought it', async () => {
    const ticket = await buyTicket('cat.2')
    house.people.endSilently('cat.2')
    expect(await statusOf({ ticket })).toBe(401)
  })

  test('strangers get neither a ticket nor a socket where they are not wanted', async () => {
    expect((await fetch(`${origin}/api/socket-tickets`, { method: 'POST' })).status).toBe(401)
    expect(await statusOf({})).toBe(401)
  })
})

test('another version of the protocol is refused before anything is asked', async () => {
  const { WebSocket } = await import('ws')
  const socket = new WebSocket(`ws://127.0.0.1:${house.first.port}/api/socket`, ['matinee.99'], {
    headers: { authorization: 'Bearer ann' },
  })
  const status = await new Promise((resolve) => {
    socket.on('error', () => {})
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode))
  })
  expect(status).toBe(400)
})

test('any other address upgrades nothing', async () => {
  const { WebSocket } = await import('ws')
  const socket = new WebSocket(`ws://127.0.0.1:${house.first.port}/api/sockets`, ['matinee.1'], {
    headers: { authorization: 'Bearer ann' },
  })
  const status = await new Promise((resolve) => {
    socket.on('error', () => {})
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode))
  })
  expect(status).toBe(404)
})

test('a place in a log is two whole numbers, or it has not been said', () => {
  expect(parseSince('1763:42')).toEqual({ epoch: 1763, seq: 42 })
  for (const wrong of [undefined, '', '1', '1:', ':1', '-1:2', '1:2:3', '1.5:2', `1:${'9'.repeat(16)}`])
    expect(parseSince(wrong)).toBeUndefined()
})

async function buyTicket(name: string): Promise<string> {
  const answer = await fetch(`${origin}/api/socket-tickets`, { method: 'POST', headers: { authorization: `Bearer ${name}` } })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { ticket: string }).ticket
}
