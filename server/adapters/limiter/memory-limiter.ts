import { checkLimit, takeByGcra } from '#server/lib/gcra.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Limiter } from '#server/ports/limiter.ts'

/** One number a key. `maxKeys` bounds what a crowd of addresses can cost: beyond it the key that rested longest is forgotten. */
export function createMemoryLimiter(parts: { clock: Pick<Clock, 'monotonicMs'>; maxKeys?: number }): Limiter {
  const { clock, maxKeys = 200_000 } = parts
  const arrivals = new Map<string, number>()
  const sweep = createSweep(arrivals, maxKeys)

  return {
    async take(key, limit, cost = 1) {
      checkLimit(limit, cost)
      const nowMs = clock.monotonicMs()
      const heldMs = arrivals.get(key)
      const { arrivalMs, decision } = takeByGcra(heldMs, nowMs, limit, cost)
      // A refusal changes it too, where what is held lies further off than this limit knows.
      if (arrivalMs > nowMs && arrivalMs !== heldMs) {
        arrivals.delete(key)
        arrivals.set(key, arrivalMs)
        sweep(nowMs)
      }
      return decision
    },
    async reset(key) {
      arrivals.delete(key)
    },
    async close() {
      arrivals.clear()
    },
  }
}

/** Walks round the table, two keys a taking, and drops what has run out: it shrinks faster than it grows, and no sweep ever halts the process. */
function createSweep(arrivals: Map<string, number>, maxKeys: number): (nowMs: number) => void {
  let cursor = arrivals.entries()
  return (nowMs) => {
    for (let looks = 0; looks < 2; looks++) {
      const { value, done } = cursor.next()
      if (done) cursor = arrivals.entries()
      else if (value[1] <= nowMs) arrivals.delete(value[0])
    }
    if (arrivals.size <= maxKeys) return
    for (const key of arrivals.keys()) {
      arrivals.delete(key)
      return
    }
  }
}
