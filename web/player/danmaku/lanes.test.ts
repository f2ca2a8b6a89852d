import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Lanes, type Mode, type Placed, type Sheet, xAt } from './lanes.ts'

const sheet: Sheet = { width: 1000, lanes: 6, crossMs: 8000, stayMs: 4000 }

test('whatever is sent, no two in one lane ever touch', () => {
  const item = fc.record({
    afterMs: fc.integer({ min: 0, max: 900 }),
    width: fc.integer({ min: 10, max: 900 }),
    mode: fc.constantFrom<Mode>('scroll', 'top', 'bottom'),
  })
  fc.assert(
    fc.property(fc.array(item, { maxLength: 60 }), (items) => {
      const lanes = new Lanes()
      let atMs = 0
      const placed: Placed[] = []
      for (const { afterMs, width, mode } of items) {
        atMs += afterMs
        const one = lanes.place({ atMs, width, mode }, sheet)
        if (one) placed.push(one)
      }
      for (const one of placed) for (const other of placed) if (one !== other) expect(overlap(one, other)).toBe(false)
    }),
    { numRuns: 60 },
  )
})

test('what scrolls crosses the whole sheet in its time, and full lanes take no more', () => {
  const lanes = new Lanes()
  const placed = Array.from({ length: 8 }, () => lanes.place({ atMs: 0, width: 200, mode: 'scroll' }, sheet))
  expect(placed.filter(Boolean)).toHaveLength(6)
  const [first] = placed
  expect(first && [xAt(first, 0, sheet), xAt(first, 8000, sheet)]).toEqual([1000, -200])
  expect(lanes.place({ atMs: 8000, width: 200, mode: 'scroll' }, sheet)?.lane).toBe(0)
  expect(lanes.place({ atMs: 0, width: 10, mode: 'bottom' }, sheet)?.lane).toBe(5)
})

function overlap(one: Placed, other: Placed): boolean {
  if (one.mode !== other.mode || one.lane !== other.lane) return false
  const [from, to] = [Math.max(one.fromMs, other.fromMs), Math.min(one.toMs, other.toMs)]
  if (from >= to) return false
  if (one.mode !== 'scroll') return true
  // Both move evenly: where they do not touch at either end, they do not touch between.
  return [from, to].some((atMs) => {
    const [a, b] = [xAt(one, atMs, sheet), xAt(other, atMs, sheet)]
    return a < b + other.width - 0.01 && b < a + one.width - 0.01
  })
}
