/** Moments of a film that its maker marked, in seconds. */
export type FilmMarks = {
  /** Where the film begins and ends for people, whatever else the file holds. */
  beginS: number
  endS: number | undefined
  intro: { fromS: number; toS: number } | undefined
  creditsS: number | undefined
}

export type Skip = { kind: 'intro' | 'credits'; toS: number }

/** What may be passed over at a moment, and where it leads. */
export function skipAt({ intro, creditsS, endS }: FilmMarks, atS: number, durationS: number): Skip | undefined {
  if (intro && atS >= intro.fromS && atS < intro.toS - 1) return { kind: 'intro', toS: intro.toS }
  const end = endS ?? durationS
  if (creditsS !== undefined && atS >= creditsS && atS < end - 1) return { kind: 'credits', toS: end }
  return undefined
}

export function isPast({ endS }: FilmMarks, atS: number): boolean {
  return endS !== undefined && atS >= endS - 0.05
}
