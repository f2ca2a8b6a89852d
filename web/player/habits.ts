/** What this device is used to: kept beyond the page, and never in the way where nothing can be kept. */
export type Habits = {
  volume: number
  isMuted: boolean
  rate: number
  quality: string
  /** No more than 480 lines by itself. */
  isSaving: boolean
  isTheatre: boolean
  beginsByItself: boolean
}

const key = 'matinee-player'
const usual: Habits = { volume: 1, isMuted: false, rate: 1, quality: 'auto', isSaving: false, isTheatre: false, beginsByItself: true }

export function readHabits(): Habits {
  return { ...usual, ...readKept(key) }
}

export function keepHabits(part: Partial<Habits>): void {
  keep(key, { ...readHabits(), ...part })
}

/** An object kept under a name; what is there of another kind counts as nothing. */
export function readKept(name: string): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name) ?? '{}')
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

export function keep(name: string, value: object): void {
  try {
    localStorage.setItem(name, JSON.stringify(value))
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
}
