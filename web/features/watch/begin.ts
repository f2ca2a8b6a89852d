import type { Video } from '#shared/api/videos.ts'
import { fromClock } from '#web/player/clock.ts'

export type Beginning = { startMs: number; isResumed: boolean }

/** Where a film begins: where the link says, else where one stopped; from the start again, where that was the very beginning or the end. */
export function beginningOf({ progressMs, durationMs }: Pick<Video, 'progressMs' | 'durationMs'>, search: URLSearchParams): Beginning {
  const asked = fromClock(search.get('t') ?? '')
  if (asked !== undefined) return { startMs: asked * 1000, isResumed: false }
  if (progressMs === null || progressMs < 5000) return { startMs: 0, isResumed: false }
  const isOver = durationMs !== null && progressMs > Math.max(durationMs - 15_000, durationMs * 0.95)
  return isOver ? { startMs: 0, isResumed: false } : { startMs: progressMs, isResumed: true }
}
