import { expect, test } from 'vitest'
import { LineBroke, UploadFailure } from './failure.ts'
import { createSpeedometer } from './speed.ts'
import { backoffMs, persistently, waitFor } from './wait.ts'

const hour = 3_600_000

test('pauses between tries grow up to half a minute, and chance shortens each by any share of it', () => {
  const most = Array.from({ length: 40 }, (_, failures) => backoffMs(failures, () => 1))
  expect(most[0]).toBe(250)
  expect(most.at(-1)).toBe(30_000)
  let waitedMs = 0
  for (const [failures, ms] of most.entries()) {
    expect(ms).toBeGreaterThanOrEqual(most[failures - 1] ?? 0)
    // Whatever was waited before, a server that comes back is found before half as long again has passed.
    expect(ms).toBeLessThanOrEqual(waitedMs / 2 + 400)
    waitedMs += ms
  }
  expect(backoffMs(2, () => 0.25)).toBeCloseTo((most[2] ?? 0) / 4)
  expect(backoffMs(9, () => 0)).toBe(0)
})

test('a pause ends when the line may be back, and at once for who gives up', async () => {
  const back = Promise.withResolvers<void>()
  let heard: AbortSignal | undefined
  const waiting = waitFor(hour, new AbortController().signal, (signal) => {
    heard = signal
    return back.promise
  })
  back.resolve()
  await waiting
  // Whoever listened for the line is told to stop listening.
  expect(heard?.aborted).toBe(true)
  const stop = new AbortController()
  const given = waitFor(hour, stop.signal)
  stop.abort(new Error('enough'))
  await expect(given).rejects.toThrow('enough')
  await expect(waitFor(hour, stop.signal)).rejects.toThrow('enough')
})

test('only what a broken line did is tried again, as often as is allowed', async () => {
  const signal = new AbortController().signal
  let tries = 0
  const broken = () => Promise.reject(new LineBroke('The line broke.', { retryAfterMs: ++tries > 0 ? 0 : undefined }))
  await expect(persistently(broken, { signal, tries: 4 })).rejects.toThrow('The line broke.')
  expect(tries).toBe(4)
  const refused = () => Promise.reject(new UploadFailure('refused', `${++tries}`))
  await expect(persistently(refused, { signal, tries: 4 })).rejects.toThrow('5')
  expect(tries).toBe(5)
})

test('speed is that of the last quarter of a minute, and no bytes that were there before', () => {
  const speedometer = createSpeedometer()
  speedometer.saw(50_000_000, 0)
  expect(speedometer.speed(1000, 500)).toEqual({ bytesPerSecond: 0, secondsLeft: undefined })
  for (let second = 1; second <= 30; second++) speedometer.saw(50_000_000 + second * 1000, second * 1000)
  expect(speedometer.speed(5000, 30_000)).toEqual({ bytesPerSecond: 1000, secondsLeft: 5 })
  // Ten times as fast: after the quarter of a minute nothing is left of the slow time.
  for (let second = 31; second <= 60; second++) speedometer.saw(50_030_000 + (second - 30) * 10_000, second * 1000)
  expect(speedometer.speed(5000, 60_000)).toEqual({ bytesPerSecond: 10_000, secondsLeft: 0.5 })
  // A whole that was damaged is wanted again: that is no speed backwards.
  speedometer.saw(40_000_000, 61_000)
  expect(speedometer.speed(5000, 61_500)).toEqual({ bytesPerSecond: 0, secondsLeft: undefined })
})
