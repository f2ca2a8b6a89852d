/** A part of a file that is answered as something empty: `head`, then zeros up to `end`. Half-open. */
export type Blank = { start: number; end: number; head: Uint8Array }

/** Bytes of the original from `start` on, with every blank that reaches into them laid over. Any cut of the file, put together, is one clean file. */
export function withBlanks(bytes: Uint8Array, start: number, blanks: readonly Blank[]): Uint8Array {
  const end = start + bytes.length
  const touched = blanks.filter((blank) => blank.start < end && blank.end > start)
  if (touched.length === 0) return bytes
  const clean = Uint8Array.from(bytes)
  for (const { start: from, end: to, head } of touched) {
    clean.fill(0, Math.max(0, from - start), Math.min(bytes.length, to - start))
    const skipped = Math.max(0, start - from)
    const seen = head.subarray(skipped, Math.max(skipped, end - from))
    clean.set(seen, Math.max(0, from - start))
  }
  return clean
}
