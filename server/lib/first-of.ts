/** The first of many in an order, without sorting them all. */
export function firstOf<T>(items: Iterable<T>, isBefore: (one: T, other: T) => boolean, limit: number): T[] {
  const kept: T[] = []
  for (const item of items) {
    const last = kept[limit - 1]
    if (last !== undefined && !isBefore(item, last)) continue
    const place = kept.findIndex((one) => isBefore(item, one))
    kept.splice(place === -1 ? kept.length : place, 0, item)
    if (kept.length > limit) kept.pop()
  }
  return kept
}
