import { expect, test } from 'vitest'
import { readSlots, slotsOf, writeSlots } from './slots.ts'

test('a film is looked at in hundredths, whatever its length', () => {
  const spans = [
    { startMs: 0, endMs: 2400 },
    { startMs: 99_000, endMs: 500_000 },
  ]
  expect(slotsOf(spans, 100_000)).toEqual([0, 1, 99])
  expect(slotsOf([{ startMs: 5000, endMs: 4000 }], 100_000)).toEqual([])
  expect(slotsOf([{ startMs: 600_000, endMs: 601_500 }], 7_200_000), 'a moment of a long film').toEqual([8])
  expect(slotsOf([{ startMs: 0, endMs: 10 }], 0)).toEqual([])
  expect(slotsOf([{ startMs: 0, endMs: 1e9 }], 1000)).toHaveLength(100)
})

test('what was seen is kept as it is', () => {
  for (const slots of [[], [0], [3, 4, 99], Array.from({ length: 100 }, (_, n) => n)]) {
    const text = writeSlots(slots)
    expect(text).toHaveLength(25)
    expect([...readSlots(text)]).toEqual(slots)
  }
  expect([...readSlots('')]).toEqual([])
})
