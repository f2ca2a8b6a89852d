import type { Video } from '#shared/api/videos.ts'

export type ChapterRow = { key: number; startMs: number; title: string }

export const rowsOf = (chapters: Video['chapters']): ChapterRow[] => chapters.map(({ startMs, title }, key) => ({ key, startMs, title }))

/** In the order of their times; a row without a name is none. */
export function toChapters(rows: readonly ChapterRow[]): Video['chapters'] {
  const named = rows.map(({ startMs, title }) => ({ startMs, title: title.trim() })).filter(({ title }) => title !== '')
  return named.toSorted((a, b) => a.startMs - b.startMs)
}
