/** Half-open, as everywhere; what HTTP writes as `0-4` is `{ start: 0, end: 5 }`. */
export type ByteRange = { start: number; end: number }

export type RangeAnswer =
  | { state: 'whole' }
  | { state: 'part'; range: ByteRange }
  | { state: 'parts'; ranges: readonly ByteRange[] }
  /** 416 with `Content-Range: bytes *` and the size. */
  | { state: 'unsatisfiable' }

export type RangeRequest = { method: string; range: string | undefined; ifRange: string | undefined }

/** `tag` is strong, in its quotes. `modifiedMs` only where the same second never saw two contents: a date is a strong match then. */
export type RangeTarget = { size: number; tag: string; modifiedMs?: number }

/** More parts than this are nobody's player: the whole costs less than their frames. */
const mostParts = 4
/** Pieces of a list that are looked at: a header of a thousand ranges costs as much as one of eight. */
const mostPieces = 8

const whole: RangeAnswer = { state: 'whole' }

/** What a request for some bytes gets. Whatever is not understood is as if it had not been said: RFC 9110, 14.2. */
export function rangeAnswer(request: RangeRequest, target: RangeTarget): RangeAnswer {
  // RFC 9110, 14.2: "A server MUST ignore a Range header field received with a request method that is unrecognized or for which range
  // handling is not defined": that is GET alone.
  if (request.method !== 'GET' || request.range === undefined) return whole
  if (request.ifRange !== undefined && !isStrongMatch(request.ifRange.trim(), target)) return whole
  const asked = parseRanges(request.range)
  if (!asked) return whole
  const found = asked.flatMap((one) => within(one, target.size))
  const [first] = found
  if (!first) return asked.some(isOfEmpty) && target.size === 0 ? whole : { state: 'unsatisfiable' }
  if (found.length === 1) return { state: 'part', range: first }
  return found.length <= mostParts && areAscending(found) ? { state: 'parts', ranges: found } : whole
}

/** RFC 9110, 13.1.5: a weak tag never matches, and a date only if it is the very one. */
function isStrongMatch(ifRange: string, { tag, modifiedMs }: RangeTarget): boolean {
  if (ifRange.startsWith('"')) return ifRange === tag
  if (ifRange.startsWith('W/') || modifiedMs === undefined) return false
  return ifRange === new Date(modifiedMs).toUTCString()
}

type Asked = { first: bigint; last: bigint | undefined } | { suffix: bigint }

/** Undefined for what is no valid set of ranges of bytes, and for more pieces than anybody needs. */
function parseRanges(header: string): Asked[] | undefined {
  const set = /^bytes=(?<list>\S.*)$/i.exec(header.trim())?.groups?.['list']
  if (set === undefined) return undefined
  const pieces = set.split(',', mostPieces + 1)
  if (pieces.length > mostPieces) return undefined
  const asked: Asked[] = []
  for (const piece of pieces) {
    // RFC 9110, 5.6.1.2: a recipient must ignore a reasonable number of empty list elements.
    const text = piece.trim()
    if (text === '') continue
    const one = parseRange(text)
    if (!one) return undefined
    asked.push(one)
  }
  return asked.length > 0 ? asked : undefined
}

/** Numbers of any length, exactly: beyond 2^53 two that differ would look alike. */
function parseRange(text: string): Asked | undefined {
  const parts = /^(?<first>\d{0,40})-(?<last>\d{0,40})$/.exec(text)?.groups
  const { first = '', last = '' } = parts ?? {}
  if (first === '') return last === '' ? undefined : { suffix: BigInt(last) }
  const range = { first: BigInt(first), last: last === '' ? undefined : BigInt(last) }
  return range.last !== undefined && range.last < range.first ? undefined : range
}

function within(asked: Asked, size: number): ByteRange[] {
  if ('suffix' in asked) {
    const length = asked.suffix > BigInt(size) ? size : Number(asked.suffix)
    return length > 0 ? [{ start: size - length, end: size }] : []
  }
  const { first, last } = asked
  if (first >= BigInt(size)) return []
  return [{ start: Number(first), end: last === undefined || last >= BigInt(size) ? size : Number(last) + 1 }]
}

/** The last bytes of nothing are nothing: satisfiable, and no Content-Range can say it. */
const isOfEmpty = (asked: Asked) => 'suffix' in asked && asked.suffix > 0n

const areAscending = (ranges: readonly ByteRange[]) => ranges.every(({ start }, i) => i === 0 || start >= (ranges[i - 1]?.end ?? 0))

export const contentRange = ({ start, end }: ByteRange, size: number) => `bytes ${start}-${end - 1}/${size}`
export const noContentRange = (size: number) => `bytes */${size}`

/** The frames of several parts: each head goes before its bytes, the tail after the last. `length` counts frames and bytes. */
export function multipart(ranges: readonly ByteRange[], { size, type, boundary }: { size: number; type: string; boundary: string }) {
  const parts = ranges.map((range, i) => ({
    range,
    head: `${i === 0 ? '' : '\r\n'}--${boundary}\r\ncontent-type: ${type}\r\ncontent-range: ${contentRange(range, size)}\r\n\r\n`,
  }))
  const tail = `\r\n--${boundary}--\r\n`
  const length = parts.reduce((sum, { head, range }) => sum + Buffer.byteLength(head) + range.end - range.start, tail.length)
  return { parts, tail, length, contentType: `multipart/byteranges; boundary=${boundary}` }
}
