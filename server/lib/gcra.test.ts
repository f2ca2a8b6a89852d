import { assert, integer, property, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkLimit, takeByGcra } from './gcra.ts'

const tenASecond = { count: 10, periodMs: 1000, burst: 20 }

function taker(limit = tenASecond) {
  let arrivalMs: number | undefined
  return (nowMs: number, cost = 1) => {
    const taken = takeByGcra(arrivalMs, nowMs, limit, cost)
    arrivalMs = taken.arrivalMs
    return taken.decision
  }
}

describe('GCRA', () => {
  test('gives the burst at once, then one each period over count, and says when', () => {
    const take = taker()
    const first = Array.from({ length: 20 }, () => take(0).allowed)
    expect(first.every(Boolean)).toBe(true)
    expect(take(0)).toEqual({ allowed: false, limit: 20, remaining: 0, retryAfterMs: 100, resetMs: 2000 })
    expect(take(99).allowed).toBe(false)
    expect(take(100)).toEqual({ allowed: true, limit: 20, remaining: 0, retryAfterMs: 0, resetMs: 2000 })
    expect(take(2100)).toMatchObject({ allowed: true, remaining: 19, resetMs: 100 })
  })

  test('a refusal takes nothing, and a look takes nothing', () => {
    const take = taker({ count: 1, periodMs: 1000, burst: 1 })
    expect(take(0).allowed).toBe(true)
    for (let ms = 0; ms < 1000; ms += 10) expect(take(ms).allowed).toBe(false)
    expect(take(1000, 0)).toMatchObject({ allowed: true, remaining: 1 })
    expect(take(1000, 0)).toMatchObject({ allowed: true, remaining: 1 })
    expect(take(1000).allowed).toBe(true)
  })

  test("no window's edge lets twice the limit pass", () => {
    const take = taker({ count: 10, periodMs: 1000, burst: 10 })
    let passed = 0
    for (let ms = 950; ms < 1050; ms++) if (take(ms).allowed) passed++
    expect(passed).toBe(10)
  })

  test('[F8] a clock that was set back an hour costs one period, not an hour', () => {
    const take = taker()
    take(3_600_000, 20)
    expect(take(0)).toMatchObject({ allowed: false, retryAfterMs: 100 })
    expect(take(2000)).toMatchObject({ allowed: true, remaining: 19 })
  })

  test('in any span no more passes than the burst and what the rate adds', () => {
    const someLimit = record({
      count: integer({ min: 1, max: 50 }),
      periodMs: integer({ min: 1, max: 5000 }),
      burst: integer({ min: 1, max: 60 }),
    })
    assert(
      property(someLimit, integer({ min: 0, max: 2 ** 31 }), (limit, seed) => {
        const take = taker(limit)
        const chance = seeded(seed)
        const passed: { atMs: number; cost: number }[] = []
        for (let n = 0, nowMs = 1.7e12; n < 200; n++) {
          nowMs += chance() < 0.5 ? 0 : chance() * 2 * limit.periodMs
          const cost = Math.min(limit.burst, Math.ceil(chance() * 3))
          if (take(nowMs, cost).allowed) passed.push({ atMs: nowMs, cost })
        }
        for (const [from, first] of passed.entries()) {
          let sum = 0
          for (const { atMs, cost } of passed.slice(from)) {
            sum += cost
            const most = limit.burst + ((atMs - first.atMs) * limit.count) / limit.periodMs
            expect(sum).toBeLessThanOrEqual(most + 0.01)
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  test('what it says about waiting is true: just before it refuses, then it allows', () => {
    assert(
      property(
        integer({ min: 1, max: 1000 }),
        // A rate of more than ten a millisecond is finer than the moments that a clock can tell apart.
        integer({ min: 100, max: 100_000 }),
        integer({ min: 1, max: 20 }),
        (count, periodMs, burst) => {
          const limit = { count, periodMs, burst }
          const { arrivalMs } = takeByGcra(undefined, 1.7e12, limit, burst)
          const { decision } = takeByGcra(arrivalMs, 1.7e12, limit, 1)
          expect(decision.allowed).toBe(false)
          expect(takeByGcra(arrivalMs, 1.7e12 + decision.retryAfterMs, limit, 1).decision.allowed).toBe(true)
          expect(takeByGcra(arrivalMs, 1.7e12 + decision.retryAfterMs * 0.9 - 0.01, limit, 1).decision.allowed).toBe(false)
        },
      ),
    )
  })

  test('limits and costs that cannot be kept are refused', () => {
    for (const limit of [
      { count: 0, periodMs: 1 },
      { count: 1, periodMs: 0 },
      { count: Number.NaN, periodMs: 1 },
      { count: 1, periodMs: 1, burst: 0 },
    ]) {
      expect(() => checkLimit(limit, 1)).toThrow(RangeError)
    }
    expect(() => checkLimit(tenASecond, 21)).toThrow(RangeError)
    expect(() => checkLimit(tenASecond, -1)).toThrow(RangeError)
    expect(() => checkLimit(tenASecond, 20)).not.toThrow()
  })
})

function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
