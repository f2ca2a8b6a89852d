import { expect, test } from 'vitest'
import { createPace, type Pace } from './pace.ts'
import { createSpeedometer } from './speed.ts'

const large = 64 * 1024 ** 3

/** A line of so many bytes a millisecond that breaks at these times. */
function ride(pace: Pace, bytesPerMs: number, endMs: number, breaksEveryMs = Number.POSITIVE_INFINITY): void {
  let nextBreakMs = breaksEveryMs
  for (let nowMs = 0; nowMs < endMs; ) {
    const ms = Math.max(1, pace.blockBytes / bytesPerMs)
    nowMs += ms
    if (nowMs < nextBreakMs) {
      pace.took(pace.blockBytes, ms, nowMs)
      continue
    }
    pace.broke(nowMs)
    nextBreakMs += breaksEveryMs
  }
}

test('a calm, fast line gets large blocks and all lanes', () => {
  const pace = createPace(0, large)
  ride(pace, 10_000, 300_000)
  expect(pace.blockBytes).toBeGreaterThan(8 * 1024 * 1024)
  expect(pace.lanes).toBe(4)
})

test('a line that breaks every two seconds risks no more than a fiftieth of what passes between two breaks', () => {
  const pace = createPace(0, large)
  ride(pace, 5_000, 60_000, 2_000)
  expect(pace.blockBytes).toBeLessThanOrEqual(5_000 * 2_000 * 0.05)
})

test('a slow line gets the smallest blocks, and what the server finds too large is not sent again', () => {
  const pace = createPace(0, large)
  ride(pace, 20, 120_000)
  expect(pace.blockBytes).toBe(64 * 1024)
  const fast = createPace(0, large)
  ride(fast, 10_000, 300_000)
  fast.tooLarge(8 * 1024 * 1024)
  expect(fast.blockBytes).toBe(4 * 1024 * 1024)
})

test('all lanes together never risk more than a 256th of the file', () => {
  const pace = createPace(0, 1024 ** 3)
  ride(pace, 10_000, 300_000)
  expect(pace.blockBytes * pace.lanes).toBe(1024 ** 3 / 256)
})

test('speed is that of the last moments, and the time left follows it', () => {
  const meter = createSpeedometer()
  for (let second = 0; second <= 60; second++) meter.saw(second < 40 ? second * 1000 : 40_000 + (second - 40) * 100, second * 1000)
  const { bytesPerSecond, secondsLeft } = meter.speed(1000, 60_000)
  expect(bytesPerSecond).toBeCloseTo(100)
  expect(secondsLeft).toBeCloseTo(10)
})

test('no speed is told before there is one, and none while nothing moves', () => {
  const meter = createSpeedometer()
  meter.saw(0, 0)
  expect(meter.speed(1000, 500).secondsLeft).toBeUndefined()
  meter.saw(0, 20_000)
  expect(meter.speed(1000, 40_000)).toEqual({ bytesPerSecond: 0, secondsLeft: undefined })
})
