import { newId } from '#server/lib/id.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Repeats } from '#server/ports/repeats.ts'

type Entry = { fingerprint: string; holder: string; heldUntilMs: number; endsMs: number; answer: string | undefined }

/** For houses without a database, such as the upload component alone: what a restart forgets, its callers ask again. */
export function createMemoryRepeats(parts: { clock: Pick<Clock, 'now'>; maxEntries?: number }): Repeats {
  const { clock, maxEntries = 10_000 } = parts
  const entries = new Map<string, Entry>()
  const held = (key: string, holder: string) => {
    const entry = entries.get(key)
    return entry?.holder === holder ? entry : undefined
  }

  return {
    async begin(key, { fingerprint, leaseMs, lifeMs }) {
      const nowMs = clock.now()
      const entry = entries.get(key)
      if (entry && entry.endsMs > nowMs) {
        if (entry.fingerprint !== fingerprint) return { state: 'other' }
        if (entry.answer !== undefined) return { state: 'known', answer: entry.answer }
        if (entry.heldUntilMs > nowMs) return { state: 'running' }
      }
      const holder = newId(nowMs)
      entries.delete(key)
      entries.set(key, { fingerprint, holder, heldUntilMs: nowMs + leaseMs, endsMs: nowMs + lifeMs, answer: undefined })
      const [oldest] = entries.keys()
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest)
      return { state: 'first', holder }
    },
    async keep(key, holder, answer) {
      const entry = held(key, holder)
      if (entry) entry.answer = answer
    },
    async forget(key, holder) {
      if (held(key, holder)) entries.delete(key)
    },
  }
}
