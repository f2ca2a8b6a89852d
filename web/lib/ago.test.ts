import { expect, test } from 'vitest'
import { agoOf } from './ago.ts'

const now = new Date('2026-03-01T12:00:00Z')

test.each([
  ['2026-03-01T12:00:30Z', 'now', 0],
  ['2026-03-01T11:59:01Z', 'now', 0],
  ['2026-03-01T11:59:00Z', 'minute', 1],
  ['2026-03-01T11:00:01Z', 'minute', 59],
  ['2026-03-01T11:00:00Z', 'hour', 1],
  ['2026-02-28T12:00:01Z', 'hour', 23],
  ['2026-02-28T12:00:00Z', 'day', 1],
  ['2026-02-22T12:00:01Z', 'day', 6],
  ['2026-02-22T12:00:00Z', 'week', 1],
  ['2026-01-01T12:00:00Z', 'month', 1],
  ['2025-03-01T12:00:00Z', 'year', 1],
  ['2020-03-01T12:00:00Z', 'year', 6],
])('%s is said in the largest unit that is whole: %s', (moment, unit, count) => {
  expect(agoOf(new Date(moment), now)).toEqual({ unit, count })
})

test('what is still to come is not past, but for clocks that disagree a little', () => {
  expect(agoOf(new Date('2026-03-01T12:01:01Z'), now)).toBeUndefined()
})
