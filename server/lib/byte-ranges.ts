/** Half-open, as everywhere: `end` is the first byte that does not belong. */
export type ByteRange = { start: number; end: number }

/** A set of bytes: ranges in order, none empty, none touching the next. Values never change; every operation makes a new set. */
export type ByteRanges = readonly ByteRange[]

export const noBytes: ByteRanges = []

export function addRange(set: ByteRanges, added: ByteRange): ByteRanges {
  checkRange(added)
  if (added.start === added.end) return set
  const before = set.filter(({ end }) => end < added.start)
  const after = set.filter(({ start }) => start > added.end)
  const met = set.slice(before.length, set.length - after.length)
  const start = Math.min(added.start, met[0]?.start ?? added.start)
  const end = Math.max(added.end, met.at(-1)?.end ?? added.end)
  return [...before, { start, end }, ...after]
}

export function removeRange(set: ByteRanges, removed: ByteRange): ByteRanges {
  checkRange(removed)
  if (removed.start === removed.end) return set
  return set.flatMap(({ start, end }) =>
    [
      { start, end: Math.min(end, removed.start) },
      { start: Math.max(start, removed.end), end },
    ].filter((rest) => rest.start < rest.end),
  )
}

/** What of `within` the set lacks. */
export function missingRanges(set: ByteRanges, within: ByteRange): ByteRanges {
  checkRange(within)
  return set.reduce(removeRange, within.start === within.end ? noBytes : [within])
}

export function hasRange(set: ByteRanges, asked: ByteRange): boolean {
  checkRange(asked)
  return asked.start === asked.end || set.some(({ start, end }) => start <= asked.start && asked.end <= end)
}

export function countBytes(set: ByteRanges): number {
  return set.reduce((sum, { start, end }) => sum + end - start, 0)
}

/** One line of text for a row: gaps and lengths by turns in base 36, so that far places cost no more digits than near ones. */
export function toRangesText(set: ByteRanges): string {
  return set
    .flatMap(({ start, end }, i) => [start - (set[i - 1]?.end ?? 0), end - start])
    .map((n) => n.toString(36))
    .join(' ')
}

export function parseRangesText(text: string): ByteRanges {
  const numbers = text === '' ? [] : text.split(' ').map(parseNumber)
  if (numbers.length % 2 !== 0) throw new RangeError('Not a set of bytes: a length is missing.')
  let at = 0
  const set: ByteRange[] = []
  for (const [i, n] of numbers.entries()) {
    if (n === 0 && i > 0) throw new RangeError('Not a set of bytes: ranges are empty or touch.')
    if (i % 2 === 1) set.push({ start: at, end: at + n })
    at += n
  }
  if (!Number.isSafeInteger(at)) throw new RangeError('Not a set of bytes: it ends beyond all files.')
  return set
}

function parseNumber(word: string): number {
  if (!/^[0-9a-z]{1,11}$/.test(word)) throw new RangeError(`Not a set of bytes: ${JSON.stringify(word)}`)
  return Number.parseInt(word, 36)
}

function checkRange({ start, end }: ByteRange): void {
  const isRange = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end
  if (!isRange) throw new RangeError(`Not a range of bytes: ${start} to ${end}`)
}
