import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHeldNetwork, type HeldNetwork } from '#server/testing/held-socket.ts'
import { LiveSocket, MessageRefused, type SocketState, Unanswered } from './socket.ts'

let network: HeldNetwork
let socket: LiveSocket
const states: SocketState[] = []
beforeEach(() => open())
afterEach(() => socket.close())

function open(options: ConstructorParameters<typeof LiveSocket>[0] = {}): void {
  network = createHeldNetwork()
  states.length = 0
  socket = new LiveSocket({ origin: 'https://cinema.example', environment: network.environment, ...options })
  socket.onState(() => states.push(socket.state))
}

describe('the line', () => {
  test('is asked for at our own address, and stands with the first word', () => {
    const { url, protocols } = network.line
    expect([url.protocol, url.host, url.pathname, url.searchParams.has('since'), protocols]).toEqual([
      'wss:',
      'cinema.example',
      '/api/socket',
      false,
      ['matinee.1'],
    ])
    expect(socket.state).toBe('connecting')
    network.line.welcome()
    expect([states, socket.way]).toEqual([['live'], 'websocket'])
  })

  test('comes back after a break, later each time, and from where it was', async () => {
    network.line.welcome({ epoch: 7, seq: 4 })
    network.line.tell({ t: 'notices.new', d: {}, n: 5 })
    const pauses: number[] = []
    for (let n = 0; n < 4; n++) {
      const [count, brokeMs] = [network.lines.length, network.clock.monotonicMs()]
      network.line.end()
      while (network.lines.length === count) await network.clock.advance(50)
      pauses.push(network.clock.monotonicMs() - brokeMs)
      network.line.welcome({ epoch: 7, seq: 5, resumed: true })
      expect(network.line.url.searchParams.get('since')).toBe('7:5')
    }
    expect(pauses.toSorted((a, b) => a - b)).toEqual(pauses)
    expect(pauses.at(-1)).toBeGreaterThan(3 * (pauses[0] ?? 0))
    expect(states.slice(0, 3)).toEqual(['live', 'retrying', 'live'])
  })

  test('that was good for a while comes back soon', async () => {
    for (let n = 0; n < 5; n++) {
      network.line.welcome()
      await network.clock.advance(11_000)
      network.line.tell({ t: 'socket.heads', d: { epoch: 1, seq: 0 } })
      const count = network.lines.length
      network.line.end()
      await network.clock.advance(500)
      expect(network.lines.length).toBe(count + 1)
    }
  })

  test('comes back when the server said, not before', async () => {
    network.line.welcome()
    network.line.end(1012, { why: 'restart', retryMs: 7_000 })
    await network.clock.advance(6_900)
    expect(network.lines).toHaveLength(1)
    await network.clock.advance(200)
    expect(network.lines).toHaveLength(2)
  })

  test.each([4001, 4002, 4009])('does not come back after %i', async (code) => {
    network.line.welcome()
    network.line.end(code, { why: 'x' })
    await network.clock.advance(600_000)
    expect([socket.state, network.lines.length]).toEqual(['ended', 1])
  })

  test('is given up when it says nothing for 45 seconds, and is kept by a word', async () => {
    network.line.welcome()
    for (let n = 0; n < 5; n++) {
      await network.clock.advance(20_000)
      network.line.tell({ t: 'socket.heads', d: { epoch: 1, seq: 0 } })
    }
    expect(network.lines).toHaveLength(1)
    await network.clock.advance(52_000)
    expect(network.lines.length).toBeGreaterThan(1)
    expect(network.lines[0]?.isClosed).toBe(true)
  })

  test('buys a ticket for each try where there is no cookie', async () => {
    let bought = 0
    open({ ticket: async () => `number-${++bought}` })
    await network.clock.advance(0)
    expect(network.line.protocols).toEqual(['matinee.1', 'ticket.number-1'])
    network.line.welcome()
    network.line.end()
    await network.clock.advance(1_500)
    expect(network.line.protocols).toEqual(['matinee.1', 'ticket.number-2'])
  })
})

describe('without a network', () => {
  test('the page says so, and the line is back soon after the network is', async () => {
    network.line.welcome()
    network.offline()
    network.line.end()
    expect(socket.state).toBe('offline')
    network.online()
    await network.clock.advance(600)
    expect(network.lines).toHaveLength(2)
    network.line.welcome()
    expect(socket.state).toBe('live')
  })

  test('after a sleep a line that was silent is doubted: it answers at once or is replaced', async () => {
    network.line.welcome()
    await network.clock.advance(30_000)
    network.wake()
    expect(network.line.said.at(-1)?.t).toBe('socket.ping')
    network.line.tell({ re: 'doubt', d: { sent: 0, now: 0 } })
    await network.clock.advance(6_000)
    expect(network.lines).toHaveLength(1)
    await network.clock.advance(24_000)
    network.wake()
    await network.clock.advance(6_500)
    expect(network.lines).toHaveLength(2)
  })
})

describe('what the server says', () => {
  const seen = () => {
    const numbers: unknown[] = []
    socket.on('socket.goodbye', ({ code }) => numbers.push(code))
    return numbers
  }
  const entry = (n: number) => ({ t: 'socket.goodbye', d: { code: n }, n })

  test('of the log is shown once and in order, whatever comes twice', () => {
    const numbers = seen()
    network.line.welcome({ seq: 10 })
    network.line.tell(entry(11), entry(12), entry(11), entry(12), entry(13))
    network.line.tell(entry(13))
    expect(numbers).toEqual([11, 12, 13])
  })

  test('a hole is asked for, once, from where we are', async () => {
    const numbers = seen()
    network.line.welcome({ epoch: 3, seq: 10 })
    network.line.tell(entry(11), entry(13), entry(14))
    expect(numbers).toEqual([11])
    await network.clock.advance(1_100)
    const asked = network.line.said.filter(({ t }) => t === 'socket.resume')
    expect(asked.map(({ d }) => d)).toEqual([{ epoch: 3, seq: 11 }])
    network.line.tell(entry(12), entry(13), entry(14))
    expect(numbers).toEqual([11, 12, 13, 14])
  })

  test('a lost last entry is noticed by the number that the server keeps saying', async () => {
    network.line.welcome({ epoch: 3, seq: 10 })
    network.line.tell({ t: 'socket.heads', d: { epoch: 3, seq: 12 } })
    await network.clock.advance(1_100)
    expect(network.line.said.at(-1)).toMatchObject({ t: 'socket.resume', d: { epoch: 3, seq: 10 } })
  })

  test('an entry that is only late is not asked for', async () => {
    network.line.welcome({ epoch: 3, seq: 10 })
    network.line.tell({ t: 'socket.heads', d: { epoch: 3, seq: 11 } })
    network.line.tell(entry(11))
    await network.clock.advance(3_000)
    expect(network.line.said).toEqual([])
  })

  test('a reset is told to whoever must load anew, and the log goes on from there', () => {
    const numbers = seen()
    let resets = 0
    socket.onReset(() => resets++)
    network.line.welcome({ epoch: 3, seq: 10 })
    network.line.tell({ t: 'socket.reset', d: { epoch: 4, seq: 2, why: 'epoch' } }, entry(3))
    expect([resets, numbers]).toEqual([1, [3]])
    network.line.end()
  })

  test('a listener that fails spoils it for nobody, and is reported', () => {
    socket.on('socket.goodbye', () => {
      throw new Error('of the page')
    })
    const numbers = seen()
    network.line.welcome()
    network.line.tell(entry(1), entry(2))
    expect([numbers, network.faults.length]).toEqual([[1, 2], 2])
  })
})

describe('what the page says', () => {
  test('is answered, refused, or fails with the line', async () => {
    network.line.welcome()
    const answered = socket.ask('socket.ping', { sent: 1 })
    network.line.answer('socket.ping', { sent: 1, now: 2 })
    expect(await answered).toEqual({ sent: 1, now: 2 })
    const refused = socket.ask('socket.ping', { sent: 1 })
    network.line.refuse('socket.ping', { kind: 'limited', code: 'socket.limited' })
    await expect(refused).rejects.toThrow(MessageRefused)
    const broken = socket.ask('socket.ping', { sent: 1 })
    network.line.end()
    await expect(broken).rejects.toThrow(Unanswered)
    await expect(socket.ask('socket.ping', { sent: 1 })).rejects.toThrow(Unanswered)
  })

  test('and is not waited for for ever', async () => {
    network.line.welcome()
    const asked = socket.ask('socket.ping', { sent: 1 })
    const failed = expect(asked).rejects.toThrow(Unanswered)
    await network.clock.advance(15_100)
    await failed
  })

  test('of the moment is forgotten when nobody listens', () => {
    expect(socket.say('socket.ping', { sent: 1 })).toBe(false)
    network.line.welcome()
    expect(socket.say('socket.ping', { sent: 2 })).toBe(true)
    expect(network.line.said).toEqual([{ t: 'socket.ping', d: { sent: 2 } }])
  })

  test('kept, waits for a line and goes out again in its order until it is answered', async () => {
    const first = socket.keep('socket.ping', { sent: 1 })
    const second = socket.keep('socket.ping', { sent: 2 })
    expect(network.line.said).toEqual([])
    network.line.welcome()
    const sent = () => network.line.said.filter(({ t }) => t === 'socket.ping')
    expect(sent().map(({ d }) => d)).toEqual([{ sent: 1 }, { sent: 2 }])
    const ids = sent().map(({ id }) => id)
    network.line.tell({ re: ids[0], d: { sent: 1, now: 0 } })
    expect(await first).toMatchObject({ sent: 1 })
    network.line.end()
    await network.clock.advance(1_500)
    network.line.welcome()
    expect(sent().map(({ d, id }) => [d, id])).toEqual([[{ sent: 2 }, ids[1]]])
    network.line.answer('socket.ping', { sent: 2, now: 0 })
    expect(await second).toMatchObject({ sent: 2 })
  })

  test('kept and too fast, goes out again when it may, with everything behind it', async () => {
    network.line.welcome()
    const kept = Promise.all([1, 2, 3].map((sent) => socket.keep('socket.ping', { sent })))
    const [, second] = network.line.said
    network.line.tell({ re: second?.id, problem: { kind: 'limited', code: 'socket.limited', retryAfterMs: 2_000 } })
    expect(network.line.said).toHaveLength(3)
    await network.clock.advance(2_100)
    expect(network.line.said.slice(3).map(({ d }) => d)).toEqual([{ sent: 1 }, { sent: 2 }, { sent: 3 }])
    for (const sent of [3, 2, 1]) network.line.answer('socket.ping', { sent, now: 0 })
    expect((await kept).map(({ sent }) => sent)).toEqual([1, 2, 3])
  })

  test('after the end fails', async () => {
    const kept = socket.keep('socket.ping', { sent: 1 })
    socket.close()
    await expect(kept).rejects.toThrow(Unanswered)
  })
})

describe('topics', () => {
  const entering = () => network.line.said.filter(({ t }) => t === 'socket.subscribe').map(({ d }) => (d as { topic: string }).topic)

  test('are entered once however many listen, and left with the last', async () => {
    network.line.welcome()
    const [a, b] = [socket.enter('club:1'), socket.enter('club:1')]
    expect(entering()).toEqual(['club:1'])
    network.line.answer('socket.subscribe', { topic: 'club:1' })
    await a.entered
    a.leave()
    a.leave()
    expect(network.line.said.some(({ t }) => t === 'socket.unsubscribe')).toBe(false)
    b.leave()
    expect(network.line.said.at(-1)).toMatchObject({ t: 'socket.unsubscribe', d: { topic: 'club:1' } })
  })

  test('are entered again after a break, and whoever listens hears that something may be missing', async () => {
    let gaps = 0
    socket.enter('club:1', { gap: () => gaps++ })
    network.line.welcome()
    network.line.answer('socket.subscribe', { topic: 'club:1' })
    await network.clock.advance(0)
    expect(gaps, 'the first time nothing can be missing').toBe(0)
    network.line.end()
    await network.clock.advance(1_500)
    network.line.welcome()
    expect(entering()).toEqual(['club:1'])
    network.line.answer('socket.subscribe', { topic: 'club:1' })
    await network.clock.advance(0)
    expect(gaps).toBe(1)
    network.line.tell({ t: 'socket.gap', d: { topic: 'club:1' } })
    expect(gaps).toBe(2)
  })

  test('end by a word of the server, or when it does not let us in', async () => {
    const ends: string[] = []
    network.line.welcome()
    socket.enter('club:1', { left: (why) => ends.push(why) })
    network.line.answer('socket.subscribe', { topic: 'club:1' })
    network.line.tell({ t: 'socket.left', d: { topic: 'club:1', why: 'evicted' } })
    const closed = socket.enter('club:closed', { left: (why) => ends.push(why) })
    network.line.refuse('socket.subscribe', { kind: 'not_found', code: 'socket.no_such_topic' })
    await closed.entered
    expect(ends).toEqual(['evicted', 'forbidden'])
    network.line.end()
    await network.clock.advance(1_500)
    network.line.welcome()
    expect(entering()).toEqual([])
  })

  test('too many at once are asked for again when they may', async () => {
    network.line.welcome()
    socket.enter('club:1')
    network.line.refuse('socket.subscribe', { kind: 'limited', code: 'socket.limited', retryAfterMs: 1_000 })
    await network.clock.advance(1_100)
    expect(entering()).toEqual(['club:1', 'club:1'])
  })
})

describe('where WebSockets do not pass', () => {
  const refuseTwice = async () => {
    for (let n = 0; n < 2; n++) {
      network.line.end()
      await network.clock.advance(3_000)
    }
  }
  const stream = () => network.fetched.find(({ url }) => url.includes('/api/events/stream'))
  const openStream = () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    stream()?.answer(new Response(readable, { status: 200 }))
    const writer = writable.getWriter()
    return (text: string) => writer.write(new TextEncoder().encode(text))
  }

  test('events are taken instead, carry the same messages, and what we say is posted', async () => {
    await refuseTwice()
    expect(network.lines).toHaveLength(2)
    const write = openStream()
    const welcome = JSON.stringify({ t: 'socket.welcome', d: { connection: 'node.7', epoch: 1, seq: 3, resumed: false, now: 0 } })
    await write(`: padding\n\nid: 1:3\ndata: ${welcome.slice(0, 10)}`)
    await write(`${welcome.slice(10)}\n`)
    await write('\n')
    await network.clock.advance(10)
    expect([socket.state, socket.way]).toEqual(['live', 'events'])
    const asked = socket.ask('socket.ping', { sent: 1 })
    await network.clock.advance(0)
    const post = network.fetched.at(-1)
    expect(JSON.parse(post?.init.body as string)).toMatchObject({ connection: 'node.7', messages: [{ t: 'socket.ping', d: { sent: 1 } }] })
    post?.answer(new Response(null, { status: 202 }))
    const [{ id }] = (JSON.parse(post?.init.body as string) as { messages: [{ id: string }] }).messages
    await write(`data: ${JSON.stringify({ re: id, d: { sent: 1, now: 2 } })}\n\n`)
    expect(await asked).toEqual({ sent: 1, now: 2 })
  })

  test('an ended session is learnt there, where a WebSocket only says no', async () => {
    await refuseTwice()
    stream()?.answer(new Response('{}', { status: 401 }))
    await network.clock.advance(100)
    expect(socket.state).toBe('ended')
  })

  test('where neither passes, the WebSocket is tried again', async () => {
    await refuseTwice()
    stream()?.fail()
    await network.clock.advance(10_000)
    expect(network.lines.length).toBeGreaterThan(2)
    network.line.welcome()
    expect(socket.way).toBe('websocket')
  })

  test('without a network nobody blames a proxy', async () => {
    network.offline()
    for (let n = 0; n < 4; n++) {
      network.line.end()
      await network.clock.advance(40_000)
    }
    expect(network.fetched).toEqual([])
  })
})
