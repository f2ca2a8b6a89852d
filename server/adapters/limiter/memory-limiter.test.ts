import { expect, test } from 'vitest'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { limiterContract } from './limiter.contract.ts'
import { createMemoryLimiter } from './memory-limiter.ts'

limiterContract('the limiter in memory', async () => {
  const clock = createHeldClock()
  const limiter = createMemoryLimiter({ clock })
  return { here: limiter, there: limiter, pass: (ms) => clock.advance(ms), [Symbol.asyncDispose]: () => limiter.close() }
})

test('[F8] setting the wall clock frees nobody and locks nobody out', async () => {
  const clock = createHeldClock()
  const limiter = createMemoryLimiter({ clock })
  const limit = { count: 1, periodMs: 60_000 }
  await limiter.take('k', limit)
  for (const jumpMs of [86_400_000, -2 * 86_400_000]) {
    clock.jump(jumpMs)
    expect(await limiter.take('k', limit)).toMatchObject({ allowed: false, retryAfterMs: 60_000 })
  }
})

test('a crowd of keys costs bounded memory; the key that rested longest is forgotten first', async () => {
  const limiter = createMemoryLimiter({ clock: createHeldClock(), maxKeys: 1000 })
  const limit = { count: 1, periodMs: 60_000 }
  await limiter.take('first', limit)
  for (let n = 0; n < 999; n++) await limiter.take(`k${n}`, limit)
  expect(await limiter.take('first', limit)).toMatchObject({ allowed: false })
  await limiter.take('one more', limit)
  expect(await limiter.take('first', limit)).toMatchObject({ allowed: true })
  expect(await limiter.take('k998', limit)).toMatchObject({ allowed: false })
})
