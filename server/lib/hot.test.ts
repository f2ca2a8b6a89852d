import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addHeat, heatAt } from './hot.ts'

const day = 86_400_000
const start = Date.UTC(2026, 5, 1)
const deeds = fc.array(fc.record({ weight: fc.double({ min: 0.1, max: 2, noNaN: true }), atMs: fc.integer({ min: 0, max: 400 * day }) }), {
  minLength: 1,
  maxLength: 30,
})
type Deed = { weight: number; atMs: number }
const heatOf = (all: Deed[], shiftMs = 0) => all.reduce((hot, { weight, atMs }) => addHeat(hot, weight, start + shiftMs + atMs), 0)
const decayed = (all: Deed[], nowMs: number) =>
  all.reduce((sum, { weight, atMs }) => sum + weight * 2 ** (-(nowMs - start - atMs) / (10 * day)), 0)

test('what is kept is the sum of all deeds, each halved every ten days, at any later moment', () => {
  fc.assert(
    fc.property(deeds, fc.integer({ min: 400, max: 3000 }), (all, days) => {
      const nowMs = start + days * day
      const exact = decayed(all, nowMs)
      expect(Math.abs(heatAt(heatOf(all), nowMs) / exact - 1)).toBeLessThan(1e-6)
    }),
  )
})

test('the order of two films never changes by waiting, nor by moving all deeds in time', () => {
  fc.assert(
    fc.property(deeds, deeds, fc.integer({ min: 0, max: 90 * 365 }), (one, other, days) => {
      const [a, b] = [decayed(one, start + 400 * day), decayed(other, start + 400 * day)]
      fc.pre(Math.abs(a / b - 1) > 1e-5)
      expect(heatOf(one) > heatOf(other)).toBe(a > b)
      expect(heatOf(one, days * day) > heatOf(other, days * day)).toBe(a > b)
      expect(Number.isSafeInteger(heatOf(one, days * day))).toBe(true)
    }),
  )
})

test('nothing done is below anything done, and a deed without weight changes nothing', () => {
  expect(addHeat(0, 0.001, start)).toBeGreaterThan(0)
  expect(addHeat(5e9, 0, start)).toBe(5e9)
  expect(heatAt(0, start)).toBe(0)
})
