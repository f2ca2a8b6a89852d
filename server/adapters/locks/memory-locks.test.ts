import { expect, test } from 'vitest'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { locksContract } from './locks.contract.ts'
import { createMemoryLocks } from './memory-locks.ts'

locksContract('the locks in memory', async () => {
  const locks = createMemoryLocks({ clock: systemClock })
  return { here: locks, there: locks, [Symbol.asyncDispose]: () => locks.close() }
})

test('numbers are above those of an earlier life of the process', async () => {
  const clock = createHeldClock()
  const earlier = createMemoryLocks({ clock })
  let last = 0
  for (let n = 0; n < 100; n++) {
    await using lock = await earlier.acquire('film', { leaseMs: 1000 })
    last = lock?.fence ?? 0
  }
  await clock.advance(1)
  const lock = await createMemoryLocks({ clock }).acquire('film', { leaseMs: 1000 })
  expect(lock?.fence).toBeGreaterThan(last)
})

test('[F8] a wall clock that jumps loses nothing and grants nothing', async () => {
  const clock = createHeldClock()
  const locks = createMemoryLocks({ clock })
  const lock = await locks.acquire('film', { leaseMs: 1000 })
  for (const jumpMs of [86_400_000, -2 * 86_400_000]) {
    clock.jump(jumpMs)
    await clock.advance(10)
    expect(await locks.acquire('film', { leaseMs: 1000 })).toBeUndefined()
  }
  expect(lock?.lost.aborted).toBe(false)
  await lock?.release()
  expect((await locks.acquire('film', { leaseMs: 1000 }))?.fence).toBeGreaterThan(lock?.fence ?? Number.POSITIVE_INFINITY)
})
