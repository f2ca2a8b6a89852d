const minuteMs = 60_000
const units = [
  ['year', 365 * 24 * 60 * minuteMs],
  ['month', (365 / 12) * 24 * 60 * minuteMs],
  ['week', 7 * 24 * 60 * minuteMs],
  ['day', 24 * 60 * minuteMs],
  ['hour', 60 * minuteMs],
  ['minute', minuteMs],
] as const

export type Ago = { unit: 'now' | (typeof units)[number][0]; count: number }

/** How long ago, in the largest unit of which there is a whole one. Undefined for what is still to come, but for clocks that do not quite agree. */
export function agoOf(moment: Date, now: Date): Ago | undefined {
  const pastMs = now.getTime() - moment.getTime()
  if (pastMs < -minuteMs) return undefined
  for (const [unit, size] of units) if (pastMs >= size) return { unit, count: Math.floor(pastMs / size) }
  return { unit: 'now', count: 0 }
}
