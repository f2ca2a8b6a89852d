export type SubtitleTrack = { id: string; language: string; label: string; url: string }

export const captionSizes = ['small', 'medium', 'large', 'huge'] as const
export type CaptionSize = (typeof captionSizes)[number]

/** Which lines are shown, and how. `first` and `second` are ids of tracks of this film. */
export type CaptionState = {
  first: string | undefined
  second: string | undefined
  size: CaptionSize
  place: 'bottom' | 'top'
  hasGround: boolean
  /** Later by so much; earlier below zero. */
  delayMs: number
}

/** What this device likes; the languages are looked for in each film. */
export type CaptionHabits = Pick<CaptionState, 'size' | 'place' | 'hasGround'> & { languages: string[] }

export const usualCaptions: CaptionHabits = { size: 'medium', place: 'bottom', hasGround: false, languages: [] }

/** The tracks to begin with: those of the languages chosen last, as far as the film has them. */
export function firstCaptions(tracks: readonly SubtitleTrack[], { languages, ...looks }: CaptionHabits): CaptionState {
  const [first, second] = languages.map((language) => tracks.find((track) => track.language === language)?.id)
  return { ...looks, first, second: second === first ? undefined : second, delayMs: 0 }
}
