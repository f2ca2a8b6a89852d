export type Mode = 'scroll' | 'top' | 'bottom'

/** One that was given a place: until when it stands there, and what it needs to be drawn. All times are the film's. */
export type Placed = { lane: number; fromMs: number; toMs: number; width: number; mode: Mode }
export type Sheet = { width: number; lanes: number; crossMs: number; stayMs: number }

const gapPx = 24

/**
 * Lanes without overlap. What scrolls enters a lane once the one before is wholly in and will not be caught; what stands waits for a free lane.
 * Where there is none, it is left out: better one less than two over each other.
 */
export class Lanes {
  readonly #last = new Map<string, Placed>()

  clear(): void {
    this.#last.clear()
  }

  place(item: { atMs: number; width: number; mode: Mode }, sheet: Sheet): Placed | undefined {
    const { atMs, width, mode } = item
    const toMs = atMs + (mode === 'scroll' ? sheet.crossMs : sheet.stayMs)
    for (let at = 0; at < sheet.lanes; at++) {
      const lane = mode === 'bottom' ? sheet.lanes - 1 - at : at
      const key = `${mode} ${lane}`
      const before = this.#last.get(key)
      if (before && !(mode === 'scroll' ? follows(before, { atMs, width }, sheet) : before.toMs <= atMs)) continue
      const placed: Placed = { lane, fromMs: atMs, toMs, width, mode }
      this.#last.set(key, placed)
      return placed
    }
    return undefined
  }
}

function follows(before: Placed, { atMs, width }: { atMs: number; width: number }, sheet: Sheet): boolean {
  const isIn = xAt(before, atMs, sheet) + before.width + gapPx <= sheet.width
  const reachesEndMs = atMs + (sheet.width / (sheet.width + width)) * sheet.crossMs
  return isIn && reachesEndMs >= before.toMs
}

/** Where the left edge of what scrolls is at a moment: a matter of the film's time alone, so that pauses, jumps and speeds need no care. */
export function xAt(
  { fromMs, toMs, width }: Pick<Placed, 'fromMs' | 'toMs' | 'width'>,
  nowMs: number,
  { width: sheet }: Pick<Sheet, 'width'>,
): number {
  return sheet - ((nowMs - fromMs) / (toMs - fromMs)) * (sheet + width)
}
