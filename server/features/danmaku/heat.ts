const places = 100

/** How much is said where: one number for each hundredth of the film, 0 to 100, from the numbers of its seconds. */
export function heatOf(slots: readonly { slot: number; count: number }[], durationMs: number | null): number[] {
  const seconds = Math.max(...slots.map(({ slot }) => slot + 1), Math.ceil((durationMs ?? 0) / 1000))
  if (slots.length === 0 || seconds <= 0) return []
  const heat = Array<number>(places).fill(0)
  for (const { slot, count } of slots) spread(heat, (slot / seconds) * places, ((slot + 1) / seconds) * places, count)
  // A neighbour's share makes hills of needles.
  const smooth = heat.map((here, i) => (2 * here + (heat[i - 1] ?? here) + (heat[i + 1] ?? here)) / 4)
  const most = Math.max(...smooth)
  return smooth.map((here) => (most === 0 ? 0 : Math.round((100 * here) / most)))
}

/** A second of a short film covers several places, and each gets its part. */
function spread(heat: number[], from: number, to: number, count: number): void {
  for (let place = Math.floor(from); place < Math.min(places, Math.ceil(to)); place++) {
    const part = (Math.min(place + 1, to) - Math.max(place, from)) / (to - from)
    heat[place] = (heat[place] ?? 0) + count * part
  }
}
