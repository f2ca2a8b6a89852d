import { expect, test } from 'vitest'
import { fromClock, toClock } from './clock.ts'

test('a time is as long as it must be', () => {
  expect([0, 9.9, 61, 3599, 3600, 36_610].map(toClock)).toEqual(['0:00', '0:09', '1:01', '59:59', '1:00:00', '10:10:10'])
  expect([Number.NaN, Number.POSITIVE_INFINITY, -1].map(toClock)).toEqual(['0:00', '0:00', '0:00'])
})

test('a moment is read as people write it, and nothing else is', () => {
  expect(['90', '90s', '1:30', '1m30s', '1:02:03', '1h2m3s', '0'].map(fromClock)).toEqual([90, 90, 90, 90, 3723, 3723, 0])
  expect(['', 'now', '1:99', '-5', '1.5', '1:2:3:4', '9'.repeat(30)].map(fromClock)).toEqual(Array.from({ length: 7 }, () => undefined))
})
