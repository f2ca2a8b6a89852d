/** Room between two neighbours at the beginning: twenty moves into one gap. */
export const step = 2 ** 20

/** The place between two neighbours; undefined where there is no room left, and all have to be dealt places anew. */
export function placeBetween(before: number | undefined, after: number | undefined): number | undefined {
  if (before === undefined) return after === undefined ? 0 : after - step
  if (after === undefined) return before + step
  const middle = Math.floor((before + after) / 2)
  return middle > before && middle < after ? middle : undefined
}
