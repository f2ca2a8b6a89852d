const firstMs = 500
const longestMs = 30_000

/** How long to wait before the next try: longer each time, and never the same for all, or a restart would be followed by a storm. */
export function backoffMs(failures: number, chance: number): number {
  const ceilingMs = Math.min(longestMs, firstMs * 2 ** Math.min(failures, 10))
  return ceilingMs * (0.5 + chance / 2)
}
