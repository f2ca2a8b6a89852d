import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMemoryBus } from '#server/adapters/bus/memory-bus.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { clubAreas, clubDoor, moved, said } from '#server/testing/club-messages.ts'
import { openRealtimeHouse, type RealtimeHouse } from '#server/testing/realtime-house.ts'
import { connectSocket, type TestSocket } from '#server/testing/socket-client.ts'

const banned = new Set<string>()
let house: RealtimeHouse
beforeAll(async () => {
  house = await openRealtimeHouse({ doors: [clubDoor(banned)], areas: clubAreas, processes: 2 })
})
afterAll(() => house[Symbol.asyncDispose]())

const connect = (as: string, at = 0) => connectSocket(house.processes[at]?.port ?? 0, { as })
const textsOf = (socket: TestSocket) => socket.messages.filter(({ t }) => t === 'club.said').map(({ d }) => d?.text)

describe('a topic', () => {
  test('reaches everybody on it, on every process, in the order of who speaks', async () => {
    using ann = await connect('ann')
    using bob = await connect('bob', 1)
    using eve = await connect('eve')
    for (const socket of [ann, bob]) await socket.ask('socket.subscribe', { topic: 'club:order' })
    const texts = Array.from({ length: 200 }, (_, n) => String(n))
    for (const text of texts) await house.first.live.publish('club:order', said, { text, by: 'x' })
    for (const socket of [ann, bob]) await expect.poll(() => textsOf(socket)).toEqual(texts)
    expect(textsOf(eve)).toEqual([])
  })

  test('said closely together, travels together; the first word after a silence does not wait', async () => {
    using ann = await connect('ann')
    await ann.ask('socket.subscribe', { topic: 'club:close' })
    const frames: number[] = []
    ann.socket.on('message', (data) => frames.push((JSON.parse((data as Buffer).toString()) as { length?: number }).length ?? 1))
    await house.first.live.publish('club:close', said, { text: 'first', by: 'x' })
    await sleep(8)
    for (let n = 0; n < 20; n++) await house.first.live.publish('club:close', said, { text: String(n), by: 'x' })
    await expect.poll(() => textsOf(ann).length).toBe(21)
    expect(frames[0]).toBe(1)
    // By twenty where nothing holds up who speaks; a busy machine may need a few gatherings for them.
    expect(frames.length).toBeLessThanOrEqual(12)
  })

  test('is not told to the line that said it, where it says so', async () => {
    using ann = await connect('ann')
    using other = await connect('ann')
    for (const socket of [ann, other]) await socket.ask('socket.subscribe', { topic: 'club:except' })
    const { connection } = (await ann.next('socket.welcome')).d as { connection: string }
    await house.first.live.publish('club:except', said, { text: 'mine', by: 'ann' }, { except: connection })
    await house.first.live.publish('club:except', said, { text: 'all', by: 'ann' })
    await expect.poll(() => textsOf(other)).toEqual(['mine', 'all'])
    expect(textsOf(ann)).toEqual(['all'])
  })

  test('carries only the newest of what the newest replaces', async () => {
    using ann = await connect('ann')
    await ann.ask('socket.subscribe', { topic: 'club:latest' })
    await house.first.live.publish('club:latest', moved, { who: 'warm', at: 0 }, { latestKey: 'warm' })
    await sleep(5)
    for (let at = 1; at <= 50; at++) {
      for (const who of ['a', 'b']) await house.first.live.publish('club:latest', moved, { who, at }, { latestKey: who })
    }
    const seen = () => ann.messages.filter(({ t, d }) => t === 'club.moved' && d?.who !== 'warm')
    await expect
      .poll(() =>
        seen()
          .map(({ d }) => d)
          .slice(-2),
      )
      .toEqual([
        { who: 'a', at: 50 },
        { who: 'b', at: 50 },
      ])
    expect(seen().length).toBeLessThan(70)
  })
})

describe('who may enter', () => {
  test('is asked of the feature; a no is told as "no such topic"', async () => {
    using ann = await connect('ann')
    const refusals = []
    for (const topic of ['club:closed', 'nothing:here', 'club-nothing:1']) refusals.push(await ann.ask('socket.subscribe', { topic }))
    expect(refusals.map(({ problem }) => problem?.code)).toEqual(Array(3).fill('socket.no_such_topic'))
    expect((await ann.ask('socket.subscribe', { topic: 'Club:a b' })).problem?.code).toBe('socket.wrong_body')
  })

  test('shown out, a person hears no more on any process, and may not come back', async () => {
    using ann = await connect('zoe')
    using other = await connect('zoe', 1)
    using bob = await connect('bob')
    for (const socket of [ann, other, bob]) await socket.ask('socket.subscribe', { topic: 'club:evict' })
    banned.add('zoe')
    await house.first.live.evict('club:evict', 'zoe')
    for (const socket of [ann, other]) expect((await socket.next('socket.left')).d).toEqual({ topic: 'club:evict', why: 'evicted' })
    await house.first.live.publish('club:evict', said, { text: 'without zoe', by: 'bob' })
    await expect.poll(() => textsOf(bob)).toEqual(['without zoe'])
    expect([...textsOf(ann), ...textsOf(other)]).toEqual([])
    expect((await ann.ask('socket.subscribe', { topic: 'club:evict' })).problem?.code).toBe('socket.no_such_topic')
  })

  test('whoever is shown out while being let in is out', async () => {
    using yan = await connect('yan')
    const entering = yan.ask('socket.subscribe', { topic: 'club:race' })
    banned.add('yan')
    await house.first.live.evict('club:race', 'yan')
    await entering
    await house.first.live.publish('club:race', said, { text: 'secret', by: 'x' })
    await yan.ask('socket.ping', { sent: 0 })
    await sleep(50)
    expect(textsOf(yan)).toEqual([])
  })

  test('a line has at most a hundred topics', async () => {
    using ann = await connect('ann')
    for (let n = 0; n < 100; n++) await ann.ask('socket.subscribe', { topic: `club:many${n}` })
    expect((await ann.ask('socket.subscribe', { topic: 'club:many100' })).problem?.code).toBe('socket.too_many_topics')
    await ann.ask('socket.unsubscribe', { topic: 'club:many7' })
    expect((await ann.ask('socket.subscribe', { topic: 'club:many100' })).d).toEqual({ topic: 'club:many100' })
  })
})

test('after a gap of the bus everybody on a topic is told to load its state anew', async () => {
  const memory = createMemoryBus({ log: createCapturedLog() })
  const gaps = new Map<string, () => void>()
  await using own = await openRealtimeHouse({
    doors: [clubDoor()],
    areas: clubAreas,
    openBus: async () => ({
      ...memory,
      subscribe(topic, heard, gap) {
        if (gap) gaps.set(topic, gap)
        return memory.subscribe(topic, heard, gap)
      },
    }),
  })
  using ann = await connectSocket(own.first.port, { as: 'ann' })
  await ann.ask('socket.subscribe', { topic: 'club:gap' })
  gaps.get('live:club:gap')?.()
  expect((await ann.next('socket.gap')).d).toEqual({ topic: 'club:gap' })
})

test('the bus carries a topic to a process only while somebody there is on it', async () => {
  const memory = createMemoryBus({ log: createCapturedLog() })
  const open = new Set<string>()
  await using own = await openRealtimeHouse({
    doors: [clubDoor()],
    areas: clubAreas,
    openBus: async () => ({
      ...memory,
      async subscribe(topic, heard, gap) {
        open.add(topic)
        const subscription = await memory.subscribe(topic, heard, gap)
        return {
          async end() {
            open.delete(topic)
            await subscription.end()
          },
        }
      },
    }),
  })
  using ann = await connectSocket(own.first.port, { as: 'ann' })
  await ann.ask('socket.subscribe', { topic: 'club:linger' })
  expect(open).toContain('live:club:linger')
  ann.socket.terminate()
  await sleep(1_000)
  expect(open, 'who reloads a page comes back at once').toContain('live:club:linger')
  await expect.poll(() => open.has('live:club:linger')).toBe(false)
})
