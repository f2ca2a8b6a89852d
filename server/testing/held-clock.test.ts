import { expect, test } from 'vitest'
import { createHeldClock } from './held-clock.ts'

test('timers fire in their order, each at its moment, also those set on the way', async () => {
  const clock = createHeldClock(1000)
  const seen: string[] = []
  clock.after(20, () => seen.push(`b ${clock.now()}`))
  clock.after(10, () => {
    seen.push(`a ${clock.now()}`)
    clock.after(5, () => seen.push(`c ${clock.now()}`))
  })
  clock.after(20, () => seen.push('d'))
  await clock.advance(19)
  expect(seen).toEqual(['a 1010', 'c 1015'])
  await clock.advance(1)
  expect(seen).toEqual(['a 1010', 'c 1015', 'b 1020', 'd'])
  expect(clock.waiting).toBe(0)
})

test('a loop that waits goes round as often as there is time', async () => {
  const clock = createHeldClock()
  let rounds = 0
  const loop = async () => {
    for (; rounds < 100; rounds++) await clock.wait(10)
  }
  const ended = loop()
  await clock.advance(55)
  expect(rounds).toBe(5)
  await clock.advance(1000)
  await ended
})

test('an aborted wait rejects with the reason and leaves no timer', async () => {
  const clock = createHeldClock()
  const life = new AbortController()
  const waiting = clock.wait(10, life.signal)
  life.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  expect(clock.waiting).toBe(0)
  await expect(clock.wait(10, life.signal)).rejects.toThrow('enough')
})

test('a jump of the wall clock moves no interval', async () => {
  const clock = createHeldClock(5000)
  let fired = false
  clock.after(10, () => {
    fired = true
  })
  clock.jump(-3_600_000)
  expect([clock.now(), clock.monotonicMs()]).toEqual([5000 - 3_600_000, 0])
  await clock.advance(9)
  expect(fired).toBe(false)
  await clock.advance(1)
  expect(fired).toBe(true)
})
