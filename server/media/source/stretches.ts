import { addRange, type ByteRange, type ByteRanges, noBytes } from '#server/lib/byte-ranges.ts'

/** Which bytes of a film FFmpeg reads, found in its index alone: of a distant or growing film no others need be here. */
export type Stretches = {
  /** To open it at all: its index, and the first samples, by which streams are recognised. */
  opening: ByteRanges
  /** To show it from one moment to another, seconds from its beginning: from the picture before that needs no other. */
  between(fromS: number, toS: number): ByteRanges
}

/** FFmpeg recognises streams by five million bytes at most. */
export const openingBytes = 6 * 2 ** 20

/** Neighbours with little between them are fetched together. */
const gapBytes = 2 ** 18

export function gathered(ranges: readonly ByteRange[], size: number): ByteRanges {
  let all = noBytes
  let open: ByteRange | undefined
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    const cut = { start: Math.max(0, Math.min(start, size)), end: Math.max(0, Math.min(end, size)) }
    if (open && cut.start <= open.end + gapBytes) open = { start: open.start, end: Math.max(open.end, cut.end) }
    else {
      if (open) all = addRange(all, open)
      open = cut
    }
  }
  return open ? addRange(all, open) : all
}
