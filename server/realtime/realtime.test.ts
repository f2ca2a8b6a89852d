import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clubAreas, clubDoor, noted, said } from '#server/testing/club-messages.ts'
import { openRealtimeHouse, type RealtimeHouse, type RealtimeProcess } from '#server/testing/realtime-house.ts'
import { connectSocket } from '#server/testing/socket-client.ts'

describe('a socket', () => {
  let house: RealtimeHouse
  let process: RealtimeProcess
  beforeAll(async () => {
    house = await openRealtimeHouse({ doors: [clubDoor()], areas: clubAreas })
    process = house.processes[0] as RealtimeProcess
  })
  afterAll(() => house[Symbol.asyncDispose]())

  test('is welcomed, asks and is answered', async () => {
    using ann = await connectSocket(process.port, { as: 'ann' })
    expect((await ann.next('socket.welcome')).d).toMatchObject({ seq: 0, resumed: false })
    expect(await ann.ask('club.ask', { text: '你好' })).toMatchObject({ d: { text: '你好' } })
  })

  test('hears what is published on a topic it entered, and no more after it left', async () => {
    using ann = await connectSocket(process.port, { as: 'ann' })
    expect(await ann.ask('socket.subscribe', { topic: 'club:a' })).toMatchObject({ d: { topic: 'club:a' } })
    await process.live.publish('club:a', said, { text: 'hello', by: 'bob' })
    expect((await ann.next('club.said')).d).toEqual({ text: 'hello', by: 'bob' })
    await ann.ask('socket.unsubscribe', { topic: 'club:a' })
    await process.live.publish('club:a', said, { text: 'again', by: 'bob' })
    await ann.ask('club.ask', { text: '' })
    expect(ann.messages.filter(({ t }) => t === 'club.said')).toHaveLength(1)
  })

  test('resumes its log where it stands', async () => {
    using first = await connectSocket(process.port, { as: 'cat' })
    const { epoch } = (await first.next('socket.welcome')).d as { epoch: number }
    for (const what of [1, 2, 3]) await house.tell(['cat'], noted, { what })
    await expect.poll(() => first.messages.filter(({ t }) => t === 'club.noted').map(({ n }) => n)).toEqual([1, 2, 3])
    using second = await connectSocket(process.port, { as: 'cat', query: `?since=${epoch}:1` })
    expect((await second.next('socket.welcome')).d).toMatchObject({ seq: 3, resumed: true })
    await expect.poll(() => second.messages.filter(({ t }) => t === 'club.noted').map(({ n }) => n)).toEqual([2, 3])
  })
})
