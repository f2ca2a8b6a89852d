import type { Clock } from '#server/ports/clock.ts'

export type HeldClock = Clock & {
  /** Time goes on by so much. Whatever falls due is called in its order, at its moment, and what it woke runs before the next. */
  advance(ms: number): Promise<void>
  /** The wall clock is set, as by NTP or by a person; intervals do not notice. */
  jump(ms: number): void
  /** How many timers and waits are pending. */
  readonly waiting: number
}

type Timer = { atMs: number; order: number; act(): void }

/** A clock that stands still until the test moves it. */
export function createHeldClock(startMs = Date.UTC(2026, 0, 1)): HeldClock {
  const timers = new Set<Timer>()
  let passedMs = 0
  let wallMs = startMs
  let order = 0

  const after = (ms: number, act: () => void) => {
    const timer: Timer = { atMs: passedMs + Math.max(0, ms), order: order++, act }
    timers.add(timer)
    return { cancel: () => void timers.delete(timer) }
  }

  const moveTo = (atMs: number) => {
    wallMs += atMs - passedMs
    passedMs = atMs
  }

  return {
    now: () => wallMs,
    monotonicMs: () => passedMs,
    after,
    wait: (ms, signal) => {
      if (signal?.aborted) return Promise.reject(signal.reason)
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const timer = after(ms, () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      })
      const onAbort = () => {
        timer.cancel()
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      return promise
    },
    async advance(ms) {
      const endMs = passedMs + ms
      await settle()
      for (let next = firstDue(timers, endMs); next; next = firstDue(timers, endMs)) {
        timers.delete(next)
        moveTo(Math.max(passedMs, next.atMs))
        next.act()
        await settle()
      }
      moveTo(endMs)
    },
    jump(ms) {
      wallMs += ms
    },
    get waiting() {
      return timers.size
    },
  }
}

function firstDue(timers: ReadonlySet<Timer>, endMs: number): Timer | undefined {
  let first: Timer | undefined
  for (const timer of timers) {
    if (timer.atMs > endMs) continue
    if (!first || timer.atMs < first.atMs || (timer.atMs === first.atMs && timer.order < first.order)) first = timer
  }
  return first
}

/** Chains of promises that a timer woke run to their end, also those that pass through the event loop a few times. */
async function settle(): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise((done) => setImmediate(done))
}
