import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appendEvent, renewEpoch } from '#server/database/append-event.ts'
import { clubAreas, clubDoor, noted } from '#server/testing/club-messages.ts'
import { openRealtimeHouse, type RealtimeHouse } from '#server/testing/realtime-house.ts'
import { connectSocket, type TestSocket } from '#server/testing/socket-client.ts'
import { continuationOf } from './event-log.ts'

let house: RealtimeHouse
beforeAll(async () => {
  house = await openRealtimeHouse({
    doors: [clubDoor()],
    areas: clubAreas,
    processes: 2,
    limits: { beatMs: 400, deadMs: 5_000, replayAtMost: 300 },
  })
})
afterAll(() => house[Symbol.asyncDispose]())

const connect = (as: string, at = 0, since?: string) =>
  connectSocket(house.processes[at]?.port ?? 0, { as, query: since === undefined ? '' : `?since=${since}` })
const numbersOf = (socket: TestSocket) => socket.messages.filter(({ t }) => t === 'club.noted').map(({ n }) => n)
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, at) => first + at)
const welcomeOf = async (socket: TestSocket) => (await socket.next('socket.welcome')).d as { epoch: number; seq: number; resumed: boolean }
const fill = (to: string, count: number) =>
  house.db.commit(
    Array.from({ length: count }, (_, what) =>
      appendEvent(house.db.dialect, { to: [to], message: noted, body: { what }, nowMs: Date.now() }),
    ).flat(),
  )

describe('a person’s log', () => {
  test('reaches every device on every process, in order, once', async () => {
    using phone = await connect('ann')
    using laptop = await connect('ann', 1)
    for (const socket of [phone, laptop]) await welcomeOf(socket)
    for (let what = 1; what <= 50; what++) await house.tell(['ann', 'somebody-else'], noted, { what })
    for (const socket of [phone, laptop]) await expect.poll(() => numbersOf(socket)).toEqual(upTo(50))
  })

  test('goes on after a break on the other process, with one question and no second one', async () => {
    using before = await connect('bob')
    const { epoch } = await welcomeOf(before)
    await fill('bob', 250)
    before.socket.terminate()
    using after = await connect('bob', 1, `${epoch}:20`)
    expect(await welcomeOf(after)).toMatchObject({ seq: 250, resumed: true })
    await expect.poll(() => numbersOf(after)).toEqual(upTo(250, 21))
    expect(after.messages[0]?.t).toBe('socket.welcome')
  })

  test('whoever says nothing of where it is begins at the end', async () => {
    await fill('cat', 5)
    using cat = await connect('cat')
    expect(await welcomeOf(cat)).toMatchObject({ seq: 5, resumed: false })
    await house.tell(['cat'], noted, { what: 6 })
    await expect.poll(() => numbersOf(cat)).toEqual([6])
  })

  test('entries written while a line is welcomed are not lost', async () => {
    for (let round = 0; round < 20; round++) {
      const opening = connect('dan')
      await house.tell(['dan'], noted, { what: round })
      using dan = await opening
      const { seq } = await welcomeOf(dan)
      await house.tell(['dan'], noted, { what: -1 })
      await expect.poll(() => numbersOf(dan)).toEqual(upTo((round + 1) * 2, seq + 1))
    }
  })

  test('a ring that was lost is healed by the next look', async () => {
    using eve = await connect('eve')
    await welcomeOf(eve)
    await fill('eve', 3)
    await expect.poll(() => numbersOf(eve)).toEqual([1, 2, 3])
    await expect.poll(() => eve.messages.findLast(({ t }) => t === 'socket.heads')?.d?.seq).toBe(3)
  })

  test('a client that sees a hole asks from where it is', async () => {
    using fay = await connect('fay')
    const { epoch } = await welcomeOf(fay)
    await fill('fay', 4)
    await house.first.live.ring(['fay'])
    await expect.poll(() => numbersOf(fay)).toEqual([1, 2, 3, 4])
    await fay.ask('socket.resume', { epoch, seq: 2 })
    await expect.poll(() => numbersOf(fay)).toEqual([1, 2, 3, 4, 3, 4])
  })
})

describe('a log that cannot be continued says so, and goes on from its end', () => {
  const resetOf = async (socket: TestSocket) => (await socket.next('socket.reset')).d
  test('for a client that is too far behind', async () => {
    await fill('gus', 301)
    const { epoch } = await welcomeOf(await connect('gus'))
    using gus = await connect('gus', 0, `${epoch}:0`)
    expect(await welcomeOf(gus)).toMatchObject({ resumed: false })
    expect(await resetOf(gus)).toEqual({ epoch, seq: 301, why: 'too_far' })
    await house.tell(['gus'], noted, { what: 0 })
    await expect.poll(() => numbersOf(gus)).toEqual([302])
  })

  test('for one whose next entry was swept', async () => {
    await fill('hal', 10)
    const { epoch } = await welcomeOf(await connect('hal'))
    await house.db.commit([house.db.build.deleteFrom('event').where('account_id', '=', 'hal').where('seq', '<=', 6)])
    using hal = await connect('hal', 0, `${epoch}:4`)
    expect(await resetOf(hal)).toEqual({ epoch, seq: 10, why: 'too_far' })
    using ida = await connect('hal', 0, `${epoch}:6`)
    await expect.poll(() => numbersOf(ida)).toEqual([7, 8, 9, 10])
  })

  test('for one that knows of more than there is', async () => {
    const { epoch } = await welcomeOf(await connect('jon'))
    using jon = await connect('jon', 0, `${epoch}:7`)
    expect(await resetOf(jon)).toEqual({ epoch, seq: 0, why: 'ahead' })
  })

  test('and after a restore for everybody', async () => {
    await using restored = await openRealtimeHouse({ doors: [clubDoor()], areas: clubAreas })
    using before = await connectSocket(restored.first.port, { as: 'ann' })
    const { epoch } = await welcomeOf(before)
    before.socket.terminate()
    await restored.db.commit([renewEpoch(Date.now())])
    const next = await openRealtimeHouse({ doors: [clubDoor()], areas: clubAreas, db: restored.db })
    using ann = await connectSocket(next.first.port, { as: 'ann', query: `?since=${epoch}:0` })
    expect(await resetOf(ann)).toMatchObject({ seq: 0, why: 'epoch' })
    await next[Symbol.asyncDispose]()
  })

  test.each([
    [undefined, 'fresh', undefined],
    [{ epoch: 1, seq: 10 }, 'resumed', undefined],
    [{ epoch: 1, seq: 0 }, 'resumed', undefined],
    [{ epoch: 2, seq: 10 }, 'reset', 'epoch'],
    [{ epoch: 1, seq: 11 }, 'reset', 'ahead'],
    [{ epoch: 1, seq: 0 }, 'reset', 'too_far', 9],
  ] as const)('%o of epoch 1 and ten entries: %s', (since, how, why, most: number = 10) => {
    expect(continuationOf(since, 1, 10, most)).toEqual(why ? { how, why } : { how })
  })
})

test('a crowd that comes at once is one question to the database, not a thousand', async () => {
  await using own = await openRealtimeHouse({ doors: [clubDoor()], areas: clubAreas })
  let questions = 0
  const { heads } = own.events.log
  own.events.log.heads = async (ids) => {
    questions++
    await sleep(200)
    return heads(ids)
  }
  const crowd = await Promise.all(Array.from({ length: 200 }, (_, n) => connectSocket(own.first.port, { as: `crowd${n}` })))
  for (const socket of crowd) await welcomeOf(socket)
  expect(questions).toBeLessThan(100)
  for (const socket of crowd) socket[Symbol.dispose]()
})

test('a database that does not answer closes nobody: the log goes on when it does', async () => {
  await using own = await openRealtimeHouse({ doors: [clubDoor()], areas: clubAreas })
  const { after } = own.events.log
  using ann = await connectSocket(own.first.port, { as: 'ann' })
  await welcomeOf(ann)
  own.events.log.after = () => Promise.reject(new Error('no database'))
  await own.tell(['ann'], noted, { what: 1 })
  await expect.poll(() => own.lines.some(({ event }) => event === 'realtime.log_unread')).toBe(true)
  own.events.log.after = after
  await expect.poll(() => numbersOf(ann)).toEqual([1])
})
