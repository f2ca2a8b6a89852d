import { soon } from '#server/testing/grounds.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDeeperThan } from './json-depth.ts'

test('brackets count, those within strings do not', () => {
  expect(isDeeperThan(2, '{"a":[1,{"b":2}]}')).toBe(true)
  expect(isDeeperThan(3, '{"a":[1,{"b":2}]}')).toBe(false)
  expect(isDeeperThan(1, '{"a":"[[[[{{{{"}')).toBe(false)
  expect(isDeeperThan(1, String.raw`{"a":"\"[[[","b":"\\"}`)).toBe(false)
})

test('says of every JSON what a walk through it says', () => {
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 12 }), fc.integer({ min: 0, max: 12 }), (value, most) => {
      expect(isDeeperThan(most, JSON.stringify(value))).toBe(depthOf(value) > most)
    }),
  )
})

test('a bomb of brackets is found at its surface', () => {
  const startMs = performance.now()
  for (let n = 0; n < 1000; n++) expect(isDeeperThan(8, '['.repeat(65_000))).toBe(true)
  expect(performance.now() - startMs).toBeLessThan(soon(1000))
})
