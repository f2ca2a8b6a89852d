import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '#server/ports/clock.ts'

/** A timer of Node's that is asked for more fires at once. */
const longestTimerMs = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  wait,
  after,
}

async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  const endMs = performance.now() + ms
  for (let restMs = ms; ; restMs = endMs - performance.now()) {
    signal?.throwIfAborted()
    if (restMs <= 0) return
    try {
      await sleep(Math.min(Math.ceil(restMs), longestTimerMs), undefined, signal ? { signal } : undefined)
    } catch (error) {
      // Node rejects with an AbortError of its own; the port promises the signal's reason.
      signal?.throwIfAborted()
      throw error
    }
  }
}

function after(ms: number, act: () => void): { cancel(): void } {
  const endMs = performance.now() + ms
  let timer: NodeJS.Timeout
  const arm = (restMs: number) => {
    timer = setTimeout(onTime, Math.min(Math.max(0, restMs), longestTimerMs)).unref()
  }
  const onTime = () => {
    const restMs = endMs - performance.now()
    if (restMs > 1) arm(restMs)
    else act()
  }
  arm(ms)
  return { cancel: () => clearTimeout(timer) }
}
