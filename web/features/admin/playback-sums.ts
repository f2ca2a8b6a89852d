import type { StreamFigures } from '#shared/api/films.ts'

type Sums = {
  plays: number
  watchedMs: number
  /** From the wish to watch to the first picture; each play counts the same. */
  meanStartMs: number | null
  /** Of the time that people meant to watch. */
  stalledShare: number | null
  /** Errors for each play. */
  errorShare: number | null
}

/** One figure for many days. Days on which nobody watched say nothing of how it was. */
export function sumUp(days: StreamFigures['days']): Sums {
  const sum = (of: (day: StreamFigures['days'][number]) => number) => days.reduce((all, day) => all + of(day), 0)
  const [plays, watchedMs, stalledMs] = [sum((day) => day.plays), sum((day) => day.watchedMs), sum((day) => day.stalledMs)]
  return {
    plays,
    watchedMs,
    meanStartMs: plays === 0 ? null : sum(({ plays: count, meanStartMs }) => count * (meanStartMs ?? 0)) / plays,
    stalledShare: watchedMs + stalledMs === 0 ? null : stalledMs / (watchedMs + stalledMs),
    errorShare: plays === 0 ? null : sum((day) => day.errors) / plays,
  }
}
