import { expect, test } from 'vitest'
import { clubAreas, clubDoor } from '#server/testing/club-messages.ts'
import { openRealtimeHouse } from '#server/testing/realtime-house.ts'
import { connectSocket } from '#server/testing/socket-client.ts'

test('members of a topic see who is there; a person with two lines is one, on two processes too', async () => {
  await using house = await openRealtimeHouse({ doors: [clubDoor()], areas: clubAreas, processes: 2 })
  const connect = (as: string, at: number) => connectSocket(house.processes[at]?.port ?? 0, { as })
  using ann = await connect('ann', 0)
  await ann.ask('socket.subscribe', { topic: 'club-hall:1' })
  expect((await ann.next('socket.presence')).d).toEqual({ topic: 'club-hall:1', count: 1, whole: true, joined: ['ann'], gone: [] })
  using bob = await connect('bob', 1)
  using bobToo = await connect('bob', 0)
  for (const socket of [bob, bobToo]) await socket.ask('socket.subscribe', { topic: 'club-hall:1' })
  const changes = () => ann.messages.filter(({ t, d }) => t === 'socket.presence' && !d?.whole)
  await expect.poll(() => changes().map(({ d }) => [d?.count, d?.joined])).toEqual([[2, expect.arrayContaining(['bob'])]])
  bob.socket.terminate()
  await bobToo.ask('socket.ping', { sent: 0 })
  expect(changes()).toHaveLength(1)
  expect([house.first.presence.devices('ann'), house.first.presence.isHere('nobody')]).toEqual([1, false])
})

test('who comes to a topic later is told everybody who is there already', async () => {
  await using house = await openRealtimeHouse({ doors: [clubDoor()], areas: clubAreas })
  const crowd = await Promise.all(Array.from({ length: 30 }, (_, n) => connectSocket(house.first.port, { as: `p${n}` })))
  for (const socket of crowd) await socket.ask('socket.subscribe', { topic: 'club-hall:2' })
  using ann = await connectSocket(house.first.port, { as: 'ann' })
  await ann.ask('socket.subscribe', { topic: 'club-hall:2' })
  const { d } = await ann.next('socket.presence')
  expect(d).toMatchObject({ count: 31, joined: { length: 31 } })
  for (const socket of crowd) socket[Symbol.dispose]()
})
