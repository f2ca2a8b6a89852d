import { expect, test } from 'vitest'
import { sumUp } from './playback-sums.ts'

const day = { day: '2026-11-20', plays: 0, meanStartMs: null, stalls: 0, stalledMs: 0, watchedMs: 0, errors: 0, meanKbps: null }

test('a day counts as much as was watched on it', () => {
  const busy = { ...day, plays: 9, meanStartMs: 500, watchedMs: 90_000, stalledMs: 10_000, errors: 1 }
  const calm = { ...day, plays: 1, meanStartMs: 1500 }
  expect(sumUp([busy, calm, day])).toEqual({ plays: 10, watchedMs: 90_000, meanStartMs: 600, stalledShare: 0.1, errorShare: 0.1 })
})

test('where nobody watched nothing is said', () => {
  expect(sumUp([day])).toEqual({ plays: 0, watchedMs: 0, meanStartMs: null, stalledShare: null, errorShare: null })
})
