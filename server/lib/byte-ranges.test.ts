import { array, assert, boolean, integer, property, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addRange, countBytes, hasRange, missingRanges, noBytes, parseRangesText, removeRange, toRangesText } from './byte-ranges.ts'

const size = 40
const steps = array(tuple(boolean(), integer({ min: 0, max: size }), integer({ min: 0, max: size })), { maxLength: 30 })

/** The same steps on a set of ranges and on a plain row of flags. */
function play(played: readonly [boolean, number, number][]) {
  const flags = Array.from({ length: size }, () => false)
  let set = noBytes
  for (const [adds, a, b] of played) {
    const range = { start: Math.min(a, b), end: Math.max(a, b) }
    set = adds ? addRange(set, range) : removeRange(set, range)
    flags.fill(adds, range.start, range.end)
  }
  return { set, flags }
}

describe('A set of bytes', () => {
  test('holds what was added and not taken away, in any order and overlap', () => {
    assert(
      property(steps, (played) => {
        const { set, flags } = play(played)
        expect(flags.map((_, at) => hasRange(set, { start: at, end: at + 1 }))).toEqual(flags)
        expect(countBytes(set)).toBe(flags.filter(Boolean).length)
        const missing = missingRanges(set, { start: 0, end: size })
        expect(flags.map((_, at) => hasRange(missing, { start: at, end: at + 1 }))).toEqual(flags.map((held) => !held))
      }),
    )
  })

  test('stays compact: in order, nothing empty, nothing touching', () => {
    assert(
      property(steps, (played) => {
        const { set } = play(played)
        for (const [i, { start, end }] of set.entries()) {
          expect(start).toBeLessThan(end)
          expect(start).toBeGreaterThan(set[i - 1]?.end ?? -1)
        }
      }),
    )
  })

  test('comes back from its text as it was', () => {
    assert(
      property(steps, (played) => {
        const { set } = play(played)
        expect(parseRangesText(toRangesText(set))).toEqual(set)
      }),
    )
    const far = [{ start: 2 ** 52, end: 2 ** 53 - 1 }]
    expect(parseRangesText(toRangesText(far))).toEqual(far)
  })

  test('a text that no set has is refused', () => {
    for (const text of ['1', '0 0', '1 2 0 3', '1 2 3 0', '-1 2', '1  2', 'zzzzzzzzzzz zzzzzzzzzzz', 'A 1'])
      expect(() => parseRangesText(text), text).toThrow(RangeError)
  })

  test('a range that is none is refused', () => {
    for (const [start, end] of [
      [2, 1],
      [-1, 1],
      [0.5, 1],
      [0, 2 ** 53],
    ] as const)
      expect(() => addRange(noBytes, { start, end })).toThrow(RangeError)
  })
})
