import type { Video } from '#shared/api/videos.ts'
import type { FilmMarks } from '#web/player/marks.ts'

/** What is marked in an order that makes no sense counts as not marked. */
export function marksOf({ marks, durationMs }: Pick<Video, 'marks' | 'durationMs'>): FilmMarks {
  const lastS = durationMs === null ? Number.POSITIVE_INFINITY : durationMs / 1000
  const seconds = (ms: number | null | undefined) => (ms === null || ms === undefined || ms / 1000 > lastS ? undefined : ms / 1000)
  const beginS = seconds(marks?.trimStartMs) ?? 0
  const end = seconds(marks?.trimEndMs)
  const endS = end !== undefined && end > beginS + 1 ? end : undefined
  const [fromS, toS] = [seconds(marks?.introStartMs) ?? beginS, seconds(marks?.introEndMs)]
  const creditsS = seconds(marks?.creditsMs)
  return {
    beginS: beginS < lastS - 1 ? beginS : 0,
    endS,
    intro: toS !== undefined && toS > fromS ? { fromS, toS } : undefined,
    creditsS: creditsS !== undefined && creditsS > beginS ? creditsS : undefined,
  }
}
