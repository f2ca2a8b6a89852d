/** Bytes from `start` up to but without `end`. */
export type Range = { start: number; end: number }

/** What of `ranges` remains without `gone`. */
export function without(ranges: readonly Range[], gone: Range): Range[] {
  return ranges.flatMap(({ start, end }) =>
    [
      { start, end: Math.min(end, gone.start) },
      { start: Math.max(start, gone.end), end },
    ].filter((range) => range.start < range.end),
  )
}

export const bytesOf = (ranges: readonly Range[]): number => ranges.reduce((sum, { start, end }) => sum + end - start, 0)

/** How much of each end of a film tells what is in it. */
const headBytes = 1024 * 1024

/**
 * The next block to send. The head and the tail go first, since a film's index lies at one or the other: with them
 * the server can look into a film that is still arriving. Then onward.
 */
export function nextBlock(missing: readonly Range[], fileSize: number, blockBytes: number): Range | undefined {
  const [first] = missing
  if (!first) return undefined
  const tailStart = Math.max(0, fileSize - headBytes)
  const tail = missing.find((range) => range.end > tailStart)
  const from = first.start < headBytes || !tail ? first : { start: Math.max(tail.start, tailStart), end: tail.end }
  return { start: from.start, end: Math.min(from.end, from.start + blockBytes) }
}
