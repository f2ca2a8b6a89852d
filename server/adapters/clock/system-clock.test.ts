import { expect, test, vi } from 'vitest'
import { systemClock } from './system-clock.ts'

test('a wait takes its time and an aborted one rejects with the reason at once', async () => {
  const startMs = systemClock.monotonicMs()
  await systemClock.wait(30)
  expect(systemClock.monotonicMs() - startMs).toBeGreaterThanOrEqual(29)
  const life = new AbortController()
  const waiting = systemClock.wait(60_000, life.signal)
  life.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await expect(systemClock.wait(0, life.signal)).rejects.toThrow('enough')
})

test('a timer for longer than Node can hold does not fire at once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  try {
    const act = vi.fn()
    const fortyDays = 40 * 86_400_000
    systemClock.after(fortyDays, act)
    const cancelled = vi.fn()
    const timer = systemClock.after(fortyDays, cancelled)
    await vi.advanceTimersByTimeAsync(fortyDays - 10)
    expect(act).not.toHaveBeenCalled()
    timer.cancel()
    await vi.advanceTimersByTimeAsync(20)
    expect(act).toHaveBeenCalledTimes(1)
    expect(cancelled).not.toHaveBeenCalled()
  } finally {
    vi.useRealTimers()
  }
})
