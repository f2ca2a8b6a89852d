import { soon } from '#server/testing/grounds.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clubAreas, clubDoor } from '#server/testing/club-messages.ts'
import { openRealtimeHouse, type RealtimeHouse } from '#server/testing/realtime-house.ts'
import { connectSocket } from '#server/testing/socket-client.ts'

let house: RealtimeHouse
beforeAll(async () => {
  house = await openRealtimeHouse({
    doors: [clubDoor()],
    areas: clubAreas,
    processes: 2,
    limits: { beatMs: 400, recallMs: 800, linesPerPerson: 4 },
  })
})
afterAll(() => house[Symbol.asyncDispose]())

const connect = (as: string, at = 0, query = '') => connectSocket(house.processes[at]?.port ?? 0, { as, query })

describe('[RT4] [T19] a line lives no longer than its session', () => {
  test('which ends: its lines are closed on every process within a second, and no others', async () => {
    using here = await connect('ann')
    using there = await connect('ann', 1)
    using otherSession = await connect('ann.2')
    using bob = await connect('bob')
    const startMs = performance.now()
    house.people.end('ann')
    for (const socket of [here, there]) expect((await socket.closed).code).toBe(4001)
    expect(performance.now() - startMs).toBeLessThan(soon(1000))
    for (const socket of [otherSession, bob]) expect((await socket.ask('socket.ping', { sent: 1 })).d).toMatchObject({ sent: 1 })
    await expect(connect('ann')).rejects.toMatchObject({ status: 401 })
  })

  test('also when nobody said so: it is looked at now and then', async () => {
    using cat = await connect('cat')
    house.people.endSilently('cat')
    expect((await cat.closed).code).toBe(4001)
  })

  test('also when so much has passed by that nothing can be believed', async () => {
    using dan = await connect('dan')
    using eve = await connect('eve')
    house.people.endSilently('dan')
    house.people.doubt('everything')
    expect((await dan.closed).code).toBe(4001)
    expect((await eve.ask('socket.ping', { sent: 1 })).d).toMatchObject({ sent: 1 })
  })
})

test('a line speaks for its person as they are now', async () => {
  using fay = await connect('fay')
  await fay.next('socket.welcome')
  const asks = () => fay.ask('club.govern', {})
  expect((await asks()).problem?.code).toBe('access.forbidden')
  house.people.promote('fay', 'moderator')
  await expect.poll(async () => (await asks()).d).toEqual({})
  house.people.promote('fay', 'member')
  await expect.poll(async () => (await asks()).problem?.code).toBe('access.forbidden')
})

describe('one line a tab', () => {
  test('a newer one of the same tab ends the older, on whichever process it is', async () => {
    using first = await connect('gus', 0, '?tab=tab-number-one')
    using otherTab = await connect('gus', 0, '?tab=tab-number-two')
    using second = await connect('gus', 1, '?tab=tab-number-one')
    expect((await first.closed).code).toBe(4009)
    using third = await connect('gus', 1, '?tab=tab-number-one')
    expect((await second.closed).code).toBe(4009)
    for (const socket of [otherTab, third]) expect((await socket.ask('socket.ping', { sent: 1 })).d).toMatchObject({ sent: 1 })
  })

  test('a person has so many lines; the oldest makes room', async () => {
    const sockets = []
    for (let n = 0; n < 5; n++) sockets.push(await connect('hal'))
    expect((await sockets[0]?.closed)?.code).toBe(4002)
    expect((await sockets[4]?.ask('socket.ping', { sent: 1 }))?.d).toMatchObject({ sent: 1 })
    for (const socket of sockets) socket[Symbol.dispose]()
  })
})

test('strangers are let in where they are wanted, so many behind one address, and may ask nothing of persons', async () => {
  await using open = await openRealtimeHouse({
    doors: [clubDoor()],
    areas: clubAreas,
    admitsStrangers: true,
    limits: { linesPerAddress: 3 },
  })
  const strangers = []
  for (let n = 0; n < 3; n++) strangers.push(await connectSocket(open.first.port))
  await expect(connectSocket(open.first.port)).rejects.toMatchObject({ status: 429 })
  expect((await strangers[0]?.ask('club.ask', { text: '' }))?.problem).toMatchObject({ kind: 'unauthenticated', code: 'session.needed' })
  expect((await strangers[0]?.ask('socket.subscribe', { topic: 'club:a' }))?.d).toEqual({ topic: 'club:a' })
  using ann = await connectSocket(open.first.port, { as: 'ann' })
  expect((await ann.ask('club.ask', { text: '' })).d).toEqual({ text: '' })
  strangers[1]?.socket.terminate()
  await expect
    .poll(() =>
      connectSocket(open.first.port).then(
        (socket) => socket[Symbol.dispose](),
        () => 'refused',
      ),
    )
    .toBeUndefined()
  for (const socket of strangers) socket[Symbol.dispose]()
})
