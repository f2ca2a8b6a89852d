/** A line of a film, in milliseconds. Its text is plain but for `<i> <b> <u>`, and everything else in it is escaped. */
export type Cue = { startMs: number; endMs: number; text: string; place?: 'top' | 'middle' }

export const subtitleCaps = { bytes: 2 * 2 ** 20, cues: 20_000, text: 2_000, lengthMs: 24 * 3_600_000 }

/** Collects what a parser finds: orders it, and stops at the cap. Hostile files end here, not in memory. */
export class CueList {
  readonly #cues: Cue[] = []

  get isFull(): boolean {
    return this.#cues.length > subtitleCaps.cues
  }

  add(cue: Cue): void {
    const text = cue.text.trim().slice(0, subtitleCaps.text)
    const isSound = cue.startMs >= 0 && cue.endMs > cue.startMs && cue.endMs <= subtitleCaps.lengthMs
    if (text !== '' && isSound && !this.isFull) this.#cues.push({ ...cue, text })
  }

  ordered(): Cue[] {
    return this.#cues.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
  }
}

/** Hours may be missing; SubRip writes a comma, WebVTT a point, ASS hundredths. */
export function parseTime(text: string): number | undefined {
  const match = /^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?$/.exec(text.trim())
  if (!match) return undefined
  const [, hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match
  return Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000 + Number(fraction.padEnd(3, '0'))
}

export const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
