import { expect, test } from 'vitest'
import { isDouble, sideOf, slideOf, slidSeconds, slidShare } from './gestures.ts'

const sheet = { width: 300, height: 200 }
const at = (x: number, y: number, atMs = 0) => ({ x, y, atMs })

test('a hand that trembles slides nowhere; else sideways along the film, up and down light and sound', () => {
  expect(slideOf(at(50, 50), at(58, 55), sheet)).toBe(undefined)
  expect(slideOf(at(50, 50), at(90, 60), sheet)).toBe('seek')
  expect(slideOf(at(50, 150), at(55, 90), sheet)).toBe('brightness')
  expect(slideOf(at(250, 50), at(245, 120), sheet)).toBe('volume')
})

test('a slide over the whole picture is a minute and a half, less in a short film', () => {
  expect(slidSeconds(at(0, 0), at(300, 0), sheet, 7200)).toBe(90)
  expect(slidSeconds(at(300, 0), at(0, 0), sheet, 90)).toBe(-30)
  expect(slidSeconds(at(0, 0), at(300, 0), sheet, 3)).toBe(15)
  expect(slidShare(at(0, 160), at(0, 0), sheet)).toBe(1)
})

test('two touches are one gesture when they are quick and on one side', () => {
  expect([10, 150, 290].map((x) => sideOf(at(x, 0), sheet))).toEqual(['back', 'middle', 'on'])
  expect(isDouble(at(10, 0, 0), at(20, 9, 200), sheet)).toBe(true)
  expect(isDouble(at(10, 0, 0), at(20, 9, 400), sheet)).toBe(false)
  expect(isDouble(at(10, 0, 0), at(290, 0, 100), sheet)).toBe(false)
  expect(isDouble(undefined, at(20, 9, 200), sheet)).toBe(false)
})
