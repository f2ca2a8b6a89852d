import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

const range = { firstMs: 100, mostMs: 5000 }

test('waits double until they are as long as they may be', () => {
  const longest = [1, 2, 3, 6, 7, 5000].map((attempt) => backoffMs(attempt, range, () => 1))
  expect(longest).toEqual([100, 200, 400, 3200, 5000, 5000])
})

test('half of a wait is chance, never less', () => {
  expect(backoffMs(3, range, () => 0)).toBe(200)
  const waits = new Set(Array.from({ length: 100 }, () => Math.round(backoffMs(7, range))))
  expect(waits.size).toBeGreaterThan(50)
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(2500)
})
