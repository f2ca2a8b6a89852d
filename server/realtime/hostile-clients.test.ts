import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clubAreas, clubDoor } from '#server/testing/club-messages.ts'
import { soon, times } from '#server/testing/grounds.ts'
import { openRealtimeHouse, type RealtimeHouse } from '#server/testing/realtime-house.ts'
import { connectSocket } from '#server/testing/socket-client.ts'

let house: RealtimeHouse
beforeAll(async () => {
  house = await openRealtimeHouse({ doors: [clubDoor()], areas: clubAreas })
})
afterAll(() => house[Symbol.asyncDispose]())

const open = (as: string) => connectSocket(house.first.port, { as })

describe('what is not a message is refused, and said so', () => {
  test.each([
    ['no JSON', '{', 'socket.malformed'],
    ['a list', '[{"t":"club.ask","d":{}}]', 'socket.malformed'],
    ['no kind', '{"d":{}}', 'socket.malformed'],
    ['a field too many', '{"t":"club.ask","d":{"text":""},"x":1}', 'socket.malformed'],
    ['an id that is a number', '{"t":"club.ask","d":{"text":""},"id":1}', 'socket.malformed'],
    ['nine levels', `{"t":"club.ask","d":${'['.repeat(8)}${']'.repeat(8)}}`, 'socket.malformed'],
    ['a kind that is not in the catalogue', '{"t":"club.nothing","d":{}}', 'socket.unknown_kind'],
    ['what only the server says', '{"t":"club.said","d":{"text":"","by":""}}', 'socket.unknown_kind'],
    ['a body with a field of its own', '{"t":"club.ask","d":{"text":"","callback":"x"}}', 'socket.wrong_body'],
    ['a body that would be a prototype', '{"t":"club.ask","d":{"text":"","__proto__":{"admin":true}}}', 'socket.wrong_body'],
    ['a text beyond its bound', `{"t":"club.ask","d":{"text":"${'x'.repeat(2001)}"}}`, 'socket.wrong_body'],
  ])('%s', async (_, text, code) => {
    using ann = await open('ann')
    ann.socket.send(text)
    await expect.poll(() => ann.messages.find(({ problem }) => problem)?.problem?.code).toBe(code)
    expect(await ann.ask('club.ask', { text: 'still here' })).toMatchObject({ d: { text: 'still here' } })
  })

  test('a wrong body names its wrong fields', async () => {
    using ann = await open('ann')
    const { problem } = await ann.ask('club.ask', { text: 5 })
    expect(problem).toMatchObject({ kind: 'invalid', fields: [{ path: '/text', code: expect.stringMatching(/^field\./) }] })
  })

  test('bytes that are no text close the line', async () => {
    using ann = await open('ann')
    ann.socket.send(Buffer.from([1, 2, 3]))
    expect((await ann.closed).code).toBe(1003)
  })

  test('a message above 64 KiB closes the line', async () => {
    using ann = await open('ann')
    ann.socket.send('x'.repeat(65_537))
    expect((await ann.closed).code).toBe(1009)
  })
})

describe('too fast', () => {
  test('a kind has its own limit, and the refusal says when to come back', async () => {
    using ann = await open('bob')
    const answers = await Promise.all(Array.from({ length: 5 }, () => ann.ask('club.speak', { room: 'a', text: '' })))
    const refused = answers.filter(({ problem }) => problem)
    expect(refused).toHaveLength(2)
    expect(refused[0]?.problem).toMatchObject({ kind: 'limited', code: 'socket.limited', retryAfterMs: expect.any(Number) })
    expect(await ann.ask('club.ask', { text: 'another kind' })).toMatchObject({ d: {} })
  })

  test('whoever floods without listening is shown out, and hears when to come back', async () => {
    using ann = await open('cat')
    for (let n = 0; n < 1000; n++) ann.say('club.ask', { text: '' })
    const { code, reason } = await ann.closed
    expect(code).toBe(1008)
    expect(JSON.parse(reason)).toMatchObject({ retryMs: expect.any(Number) })
  })

  test('pings count as well', async () => {
    using ann = await open('dan')
    for (let n = 0; n < 1000; n++) ann.socket.ping()
    expect((await ann.closed).code).toBe(1008)
  })

  test('slow handlers hold the reading back instead of piling up', async () => {
    using ann = await open('eve')
    const answers = Promise.all(Array.from({ length: 60 }, (_, n) => ann.ask('club.ask', { text: String(n), waitMs: 10 })))
    expect((await answers).map(({ d }) => d?.text)).toEqual(Array.from({ length: 60 }, (_, n) => String(n)))
  })
})

test('a fault of ours is logged whole and told to nobody', async () => {
  using ann = await open('ann')
  expect(await ann.ask('club.ask', { text: '', fault: true })).toMatchObject({
    problem: { kind: 'unavailable', code: 'http.something_broke' },
  })
  expect(JSON.stringify(ann.messages)).not.toContain('a fault of ours')
  expect(house.lines.find(({ event }) => event === 'realtime.handler_failed')?.fields.error).toMatchObject({ message: 'a fault of ours' })
})

test('[RT2] [T8] a crowd that sends its messages in fragments of a byte costs little, and others are served', async () => {
  const crowd = await Promise.all(Array.from({ length: times(300, 1000) }, (_, n) => openRaw(house.first.port, `frag${n}`)))
  using ann = await open('ann')
  await ann.next('socket.welcome')
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  const rounds = 60
  const pauseMs = times(3_000, 60_000) / rounds
  const waits: number[] = []
  for (let round = 0; round < rounds; round++) {
    // The first fragment has the opcode of text, those that follow have none. The message never ends.
    for (const socket of crowd) socket.write(Buffer.from([round === 0 ? 0x01 : 0x00, 0x81, 0, 0, 0, 0, 0x78]))
    const askedMs = performance.now()
    await ann.ask('socket.ping', { sent: 0 })
    waits.push(performance.now() - askedMs)
    await sleep(pauseMs)
  }
  expect(crowd.filter(({ destroyed }) => destroyed)).toHaveLength(0)
  const grownMb = (process.memoryUsage().rss - before) / 2 ** 20
  expect(grownMb).toBeLessThan(200)
  expect(waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.9)]).toBeLessThan(soon(500))
  // The 65th fragment of a message is one too many.
  for (const socket of crowd) for (let n = 0; n < 5; n++) socket.write(Buffer.from([0x00, 0x81, 0, 0, 0, 0, 0x78]))
  await expect.poll(() => crowd.filter(({ destroyed }) => !destroyed).length).toBe(0)
})

/** A WebSocket without any client of ours in between. */
function openRaw(port: number, name: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    `GET /api/socket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: matinee.1\r\nAuthorization: Bearer ${name}\r\n\r\n`,
  )
  return new Promise((resolve) => socket.once('data', () => resolve(socket.on('data', () => {}))))
}
