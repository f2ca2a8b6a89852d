import { expect, test } from 'vitest'
import { createPace, type Pace } from './pace.ts'
import { createSpeedometer } from './speed.ts'

const MiB = 1024 ** 2
const large = 64 * 1024 * MiB

type Line = { bytesPerMs: number; roundTripMs?: number; endMs: number; breaksEveryMs?: number }

/** All lanes of a line that breaks at these times. What was sent and what was lost of it. */
function ride(pace: Pace, { bytesPerMs, roundTripMs = 1, endMs, breaksEveryMs = Number.POSITIVE_INFINITY }: Line) {
  let nextBreakMs = breaksEveryMs
  let [sent, lost] = [0, 0]
  pace.answered(roundTripMs)
  for (let nowMs = 0; nowMs < endMs; ) {
    const flying = Array.from({ length: pace.lanes }, () => pace.blockBytes)
    const bytes = flying.reduce((sum, block) => sum + block, 0)
    const ms = roundTripMs + bytes / bytesPerMs
    sent += bytes
    nowMs += ms
    if (nowMs < nextBreakMs) for (const block of flying) pace.took(block, ms, nowMs)
    else {
      lost += bytes
      pace.broke(nowMs)
      pace.answered(roundTripMs)
      nextBreakMs += breaksEveryMs
    }
  }
  return { sent, lost }
}

test('a calm, fast line gets large blocks and all lanes', () => {
  const pace = createPace(0, large)
  ride(pace, { bytesPerMs: 40_000, endMs: 300_000 })
  expect(pace.blockBytes).toBeGreaterThan(8 * MiB)
  expect(pace.lanes).toBe(4)
})

test('a long line is filled within a second, so that little of its time passes in waiting', () => {
  const pace = createPace(0, 128 * MiB)
  const { sent } = ride(pace, { bytesPerMs: 20_000, roundTripMs: 100, endMs: 1000 })
  expect(sent).toBeGreaterThan(8 * MiB)
  expect(pace.blockBytes).toBe(MiB)
})

test('of a line that breaks every two seconds, less than a fiftieth is lost', () => {
  for (const bytesPerMs of [5_000, 12_000, 50_000]) {
    const { sent, lost } = ride(createPace(0, large), { bytesPerMs, roundTripMs: 5, endMs: 60_000, breaksEveryMs: 2000 })
    expect(lost).toBeLessThan(sent / 50)
  }
})

test('a slow line gets the smallest blocks, and what the server finds too large is not sent again', () => {
  const pace = createPace(0, large)
  ride(pace, { bytesPerMs: 80, endMs: 120_000 })
  expect(pace.blockBytes).toBe(64 * 1024)
  const fast = createPace(0, large)
  ride(fast, { bytesPerMs: 40_000, endMs: 300_000 })
  fast.tooLarge(8 * MiB)
  expect(fast.blockBytes).toBe(4 * MiB)
})

test('all lanes together never risk more than a 200th of a large file', () => {
  const pace = createPace(0, 1024 ** 3)
  ride(pace, { bytesPerMs: 40_000, endMs: 300_000 })
  expect(pace.blockBytes * pace.lanes).toBeLessThanOrEqual(1024 ** 3 / 200)
  expect(pace.blockBytes * pace.lanes).toBeGreaterThan(4 * MiB)
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

test('a server that is asked too often gets larger blocks, and smaller ones again when the line breaks', () => {
  const pace = createPace(0, 2 ** 30)
  for (let ms = 0; ms < 2000; ms += 40) pace.took(64 * 1024, 40, ms)
  pace.broke(2000)
  const small = pace.blockBytes
  for (let n = 0; n < 3; n++) pace.asksTooOften()
  expect(pace.blockBytes).toBe(8 * small)
  pace.broke(3000)
  expect(pace.blockBytes).toBeLessThanOrEqual(small)
})
