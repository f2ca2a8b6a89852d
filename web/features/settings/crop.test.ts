import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxZoom, moved, toSquare, wholeCrop, zoomed } from './crop.ts'

test('the first square is the middle of the picture, as large as it can be', () => {
  expect(toSquare({ width: 1200, height: 800 }, wholeCrop)).toEqual({ left: 200, top: 0, size: 800 })
  expect(toSquare({ width: 300, height: 900 }, wholeCrop)).toEqual({ left: 0, top: 300, size: 300 })
})

test('a hand that moves by half a square moves the square by half its side', () => {
  const picture = { width: 1000, height: 500 }
  const crop = zoomed(picture, wholeCrop, 2)
  expect(toSquare(picture, moved(picture, crop, { x: 0.5, y: 0 })).left - toSquare(picture, crop).left).toBe(125)
})

test('whatever the hand does, the square stays a square inside of the picture', () => {
  const side = fc.integer({ min: 1, max: 20_000 })
  const step = fc.record({
    x: fc.double({ min: -3, max: 3, noNaN: true }),
    y: fc.double({ min: -3, max: 3, noNaN: true }),
    zoom: fc.double({ min: 0.1, max: 9, noNaN: true }),
  })
  fc.assert(
    fc.property(side, side, fc.array(step, { maxLength: 20 }), (width, height, steps) => {
      const picture = { width, height }
      const end = steps.reduce((crop, { zoom, ...by }) => zoomed(picture, moved(picture, crop, by), zoom), wholeCrop)
      const { left, top, size } = toSquare(picture, end)
      expect(end.zoom).toBeGreaterThanOrEqual(1)
      expect(end.zoom).toBeLessThanOrEqual(maxZoom)
      expect(size).toBeGreaterThanOrEqual(1)
      expect(left).toBeGreaterThanOrEqual(0)
      expect(top).toBeGreaterThanOrEqual(0)
      expect(left + size).toBeLessThanOrEqual(width)
      expect(top + size).toBeLessThanOrEqual(height)
    }),
  )
})
