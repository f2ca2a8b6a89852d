import type { Clock } from '#server/ports/clock.ts'
import type { VideoRow } from './store.ts'

/** Within a second what has changed in one process holds in all; in the process that changes it, at once. */
const keptMs = 500
const most = 2000

/** Rows that were read a moment ago: who watches a film asks for it many times a second, and many watch the same. */
export function createRecentRows(find: (id: string) => Promise<VideoRow | undefined>, clock: Pick<Clock, 'monotonicMs'>) {
  const kept = new Map<string, { row: Promise<VideoRow | undefined>; untilMs: number }>()
  return {
    find(id: string): Promise<VideoRow | undefined> {
      const nowMs = clock.monotonicMs()
      const known = kept.get(id)
      if (known && known.untilMs > nowMs) return known.row
      const entry = { row: find(id), untilMs: nowMs + keptMs }
      entry.row.catch(() => {
        if (kept.get(id) === entry) kept.delete(id)
      })
      kept.delete(id)
      kept.set(id, entry)
      const [oldest] = kept.keys()
      if (kept.size > most && oldest !== undefined) kept.delete(oldest)
      return entry.row
    },
    forget: (id: string) => void kept.delete(id),
  }
}

export type RecentRows = ReturnType<typeof createRecentRows>
