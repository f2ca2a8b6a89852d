/** A film in so many pieces, whatever its length. */
export const slotCount = 100

type Span = { startMs: number; endMs: number }

/** The pieces that these spans touch for a second, or for half of a piece where it is shorter; what lies beyond the film does not count. */
export function slotsOf(spans: readonly Span[], durationMs: number): number[] {
  if (durationMs <= 0) return []
  const size = durationMs / slotCount
  const least = Math.min(1000, size / 2)
  const touched = new Set<number>()
  for (const { startMs, endMs } of spans) {
    const end = Math.min(endMs, durationMs)
    for (let slot = Math.max(0, Math.floor(startMs / size)); slot < slotCount && slot * size < end; slot++)
      if (Math.min(end, (slot + 1) * size) - Math.max(startMs, slot * size) >= least) touched.add(slot)
  }
  return [...touched]
}

/** A digit for each four pieces. */
export function writeSlots(slots: Iterable<number>): string {
  const digits = Array.from({ length: slotCount / 4 }, () => 0)
  for (const slot of slots) digits[slot >> 2] = (digits[slot >> 2] ?? 0) | (1 << (slot & 3))
  return digits.map((digit) => digit.toString(16)).join('')
}

export function readSlots(text: string): Set<number> {
  const slots = [...text].flatMap((digit, place) =>
    [0, 1, 2, 3].filter((bit) => Number.parseInt(digit, 16) & (1 << bit)).map((bit) => place * 4 + bit),
  )
  return new Set(slots)
}
