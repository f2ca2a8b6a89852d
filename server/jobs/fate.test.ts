import { expect, test } from 'vitest'
import { Problem } from '#server/lib/problem.ts'
import { fateOf } from './fate.ts'

test('[J5] what is for a person is parked, what may have been chance is tried again', () => {
  for (const kind of ['invalid', 'unauthenticated', 'forbidden', 'not_found', 'too_large', 'unsupported'] as const) {
    expect(fateOf(new Problem(kind, 'test.code'), 1, {})).toEqual({ park: true, reason: 'test.code' })
  }
  for (const kind of ['conflict', 'limited', 'full', 'unavailable'] as const) {
    expect(fateOf(new Problem(kind, 'test.code'), 1, {})).toMatchObject({ park: false, reason: 'test.code' })
  }
  expect(fateOf(new RangeError('odd'), 1, {})).toMatchObject({ park: false, reason: 'RangeError: odd' })
  expect(fateOf('thrown text', 1, {})).toMatchObject({ park: false, reason: 'thrown text' })
})

test('[J5] each try waits longer, half of it by chance, and never shorter than was asked for', () => {
  const delayOf = (attempt: number, random: number, error: unknown = new Error('x')) => {
    const fate = fateOf(error, attempt, { retry: { firstMs: 1000, mostMs: 10_000 } }, () => random)
    return fate.park ? undefined : fate.delayMs
  }
  expect([1, 2, 3, 4, 5, 50].map((attempt) => delayOf(attempt, 1))).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000])
  expect([1, 2, 3].map((attempt) => delayOf(attempt, 0))).toEqual([500, 1000, 2000])
  expect(delayOf(1, 0, new Problem('limited', 'test.code', { retryAfterMs: 60_000 }))).toBe(60_000)
})

test('a reason is short enough to be kept', () => {
  expect(fateOf(new Error('x'.repeat(1_000_000)), 1, {}).reason.length).toBe(2000)
})
