import { expect, test } from 'vitest'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { cacheContract, loadTimeoutMs, maxBytes } from './cache.contract.ts'
import { createMemoryCache } from './memory-cache.ts'

cacheContract('the cache in memory', async () => {
  const cache = createMemoryCache({ clock: systemClock, maxBytes, loadTimeoutMs })
  return { here: cache, there: cache, [Symbol.asyncDispose]: () => cache.close() }
})

test('[F8] ages are intervals: setting the wall clock makes nothing old and nothing young', async () => {
  const clock = createHeldClock()
  const cache = createMemoryCache({ clock, maxBytes })
  let n = 0
  const get = () => cache.get('k', { freshMs: 1000, tags: [] }, async () => ++n)
  await get()
  clock.jump(3_600_000)
  expect(await get()).toBe(1)
  clock.jump(-7_200_000)
  await clock.advance(1000)
  expect(await get()).toBe(2)
})
