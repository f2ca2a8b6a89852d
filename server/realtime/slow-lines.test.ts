import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { clubAreas, clubDoor, moved, noted, said } from '#server/testing/club-messages.ts'
import { soon, times } from '#server/testing/grounds.ts'
import { openProxy, type Proxy } from '#server/testing/proxy.ts'
import { type HouseOptions, openRealtimeHouse, type RealtimeHouse } from '#server/testing/realtime-house.ts'
import { connectSocket } from '#server/testing/socket-client.ts'

let house: RealtimeHouse
let proxy: Proxy
const open = async (limits: HouseOptions['limits'] = {}) => {
  house = await openRealtimeHouse({ doors: [clubDoor()], areas: clubAreas, limits })
  proxy = await openProxy({ port: house.first.port })
}
afterEach(async () => {
  await proxy[Symbol.asyncDispose]()
  await house[Symbol.asyncDispose]()
})

describe('[RT5] [F6] whoever does not read', () => {
  beforeEach(() => open())

  test('is closed instead of fed, and the others do not notice', async () => {
    const slow = await Promise.all(Array.from({ length: times(20, 200) }, (_, n) => connectSocket(house.first.port, { as: `slow${n}` })))
    using ann = await connectSocket(house.first.port, { as: 'ann' })
    for (const socket of [...slow, ann]) await socket.ask('socket.subscribe', { topic: 'club:flood' })
    for (const { socket } of slow) socket.pause()
    const text = 'x'.repeat(50_000)
    let count = 0
    // The system keeps some megabytes for each line; what we keep is counted from there.
    for (; count < 4000 && house.first.realtime.figures().closedSlow !== slow.length; count++) {
      await house.first.live.publish('club:flood', said, { text, by: 'x' })
      await sleep(2)
    }
    expect(house.first.realtime.figures()).toMatchObject({ closedSlow: slow.length })
    await expect.poll(() => ann.messages.filter(({ t }) => t === 'club.said').length).toBe(count)
    // What was queued goes with the line, three seconds later at the latest.
    await expect.poll(() => house.first.realtime.figures().lines).toBe(1)
    for (const socket of slow) socket[Symbol.dispose]()
  })

  test('reads, when it is quick enough to be told, that it was too slow', async () => {
    const closing = async () => {
      using slow = await connectSocket(house.first.port, { as: 'slow' })
      await slow.ask('socket.subscribe', { topic: 'club:told' })
      slow.socket.pause()
      const before = house.first.realtime.figures().closedSlow ?? 0
      for (let n = 0; n < 4000 && house.first.realtime.figures().closedSlow === before; n++) {
        await house.first.live.publish('club:told', said, { text: 'x'.repeat(50_000), by: 'x' })
        await sleep(2)
      }
      slow.socket.resume()
      const { code, reason } = await slow.closed
      return [code, reason]
    }
    // Where the machine held us up for too long, it is not quick enough: another time it is.
    await expect.poll(closing).toEqual([1013, expect.stringContaining('"too_slow"')])
  })

  test('gets of what is only of the moment the newest, once it reads again', async () => {
    using slow = await connectSocket(proxy.port, { as: 'slow' })
    await slow.ask('socket.subscribe', { topic: 'club:moment' })
    proxy.blackHole()
    slow.socket.pause()
    // Enough to fill the buffers of the system up to our first mark, not to the second.
    const state = () => house.first.realtime.figures()
    let at = 0
    for (; at < 3_000; at++) {
      await house.first.live.publish('club:moment', moved, { who: 'x'.repeat(20_000), at }, { latestKey: 'one' })
      if (at % 20 === 0) await sleep(20)
    }
    expect(state().closedSlow, 'the newest alone is kept: nobody is too slow for that').toBe(0)
    proxy.restore()
    slow.socket.resume()
    await expect.poll(() => slow.messages.findLast(({ t }) => t === 'club.moved')?.d?.at).toBe(at - 1)
    expect(slow.messages.filter(({ t }) => t === 'club.moved').length).toBeLessThan(at)
  })

  test('is read its log no faster than it takes it, and misses nothing', async () => {
    using slow = await connectSocket(proxy.port, { as: 'reader' })
    await slow.next('socket.welcome')
    slow.socket.pause()
    const total = 300
    for (let what = 0; what < total; what++) await house.tell(['reader'], noted, { what })
    slow.socket.resume()
    await expect
      .poll(() => slow.messages.filter(({ t }) => t === 'club.noted').map(({ n }) => n))
      .toEqual(Array.from({ length: total }, (_, n) => n + 1))
  })
})

describe('[RT6] [F7] a line that broke without a word', () => {
  // A twelfth of the real times.
  beforeEach(() => open({ beatMs: 800, deadMs: 3500 }))

  test('is given up in time, and its person is gone', async () => {
    const count = times(20, 200)
    const sockets = await Promise.all(Array.from({ length: count }, (_, n) => connectSocket(proxy.port, { as: `half${n}` })))
    await expect.poll(() => house.first.realtime.figures().lines).toBe(count)
    proxy.blackHole()
    const startMs = performance.now()
    await expect.poll(() => house.first.realtime.figures().lines).toBe(0)
    // 45 seconds of the real times are 3500 ms here.
    expect(performance.now() - startMs).toBeLessThan(soon(3500 * 1.6))
    expect(house.first.realtime.figures()).toMatchObject({ closedDead: count })
    for (let n = 0; n < count; n++) expect(house.first.presence.devices(`half${n}`)).toBe(0)
    proxy.restore()
    for (const socket of sockets) socket[Symbol.dispose]()
  })

  test('and one that lives stays, however long nobody speaks', async () => {
    using ann = await connectSocket(proxy.port, { as: 'ann' })
    await sleep(5_500)
    expect(await ann.ask('socket.ping', { sent: 1 })).toMatchObject({ d: { sent: 1 } })
    expect(ann.messages.filter(({ t }) => t === 'socket.heads').length).toBeGreaterThan(3)
  })
})
