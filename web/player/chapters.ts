/** A named stretch of the film; it ends where the next one begins. */
export type Chapter = { fromS: number; title: string }

export function chapterAt(chapters: readonly Chapter[], atS: number): Chapter | undefined {
  return chapters.findLast(({ fromS }) => fromS <= atS)
}

/** Back to the beginning of this one first, when it has run for a while. */
export function neighbourChapter(chapters: readonly Chapter[], atS: number, by: 1 | -1): Chapter | undefined {
  return by > 0 ? chapters.find(({ fromS }) => fromS > atS + 0.2) : chapters.findLast(({ fromS }) => fromS < atS - 3)
}
