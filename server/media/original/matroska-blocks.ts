import { elementsIn, ids, numberAt, toNumber, type Element } from './elements.ts'

/** One frame of one stream, where it lies in the bytes at hand, and its block's time in ticks. */
export type Frame = { track: number; time: number; isKey: boolean; start: number; end: number; lace: number; isWhole: boolean }

const kinds = { timestamp: 0xe7, simpleBlock: 0xa3, group: 0xa0, block: 0xa1, reference: 0xfb }

/** All frames of the clusters in these bytes, in their order. The last may be cut off: then it has its time, and no more is known of it. */
export function* framesIn(bytes: Uint8Array): Generator<Frame> {
  for (const cluster of elementsIn(bytes)) {
    if (cluster.id !== ids.cluster) continue
    let base = 0
    for (const part of elementsIn(bytes, cluster.content, Math.min(cluster.end, bytes.length))) {
      if (part.id === kinds.timestamp) base = toNumber(bytes, part)
      else if (part.id === kinds.simpleBlock) yield* framesOf(bytes, part, { base, isKey: undefined })
      else if (part.id === kinds.group) yield* framesOfGroup(bytes, part, base)
    }
  }
}

function* framesOfGroup(bytes: Uint8Array, group: Element, base: number): Generator<Frame> {
  const parts = [...elementsIn(bytes, group.content, Math.min(group.end, bytes.length))]
  const block = parts.find(({ id }) => id === kinds.block)
  const isKey = !parts.some(({ id }) => id === kinds.reference)
  if (block && block.end <= group.end) yield* framesOf(bytes, block, { base, isKey })
}

function* framesOf(bytes: Uint8Array, { content, end }: Element, told: { base: number; isKey: boolean | undefined }): Generator<Frame> {
  const number = numberAt(bytes, content)
  const at = content + (number?.length ?? 0)
  if (!number || at + 3 > Math.min(end, bytes.length)) return
  const time = told.base + new DataView(bytes.buffer, bytes.byteOffset).getInt16(at)
  const flags = bytes[at + 2] ?? 0
  const isKey = told.isKey ?? (flags & 0x80) !== 0
  const lacing = (flags >> 1) & 3
  const isWhole = end <= bytes.length
  const laces = lacing === 0 || !isWhole ? [{ start: at + 3, end }] : lacesIn(bytes, { start: at + 3, end }, lacing)
  for (const [lace, span] of laces.entries()) yield { track: number.value, time, isKey, lace, isWhole, ...span }
}

type Span = { start: number; end: number }

/** Several frames in one block: RFC 9559, 10.3. Nothing, if their lengths do not add up. */
function lacesIn(bytes: Uint8Array, { start, end }: Span, lacing: number): Span[] {
  const count = (bytes[start] ?? 0) + 1
  const read = lacing === 1 ? xiphSizes : lacing === 3 ? ebmlSizes : undefined
  const told = read ? read(bytes, start + 1, count) : { sizes: [], at: start + 1 }
  if (!told) return []
  const left = end - told.at - told.sizes.reduce((sum, size) => sum + size, 0)
  if (!read && left % count !== 0) return []
  const sizes = read ? [...told.sizes, left] : Array.from({ length: count }, () => left / count)
  if (sizes.some((size) => size <= 0)) return []
  let at = told.at
  return sizes.map((size) => {
    const span = { start: at, end: at + size }
    at += size
    return span
  })
}

type Sizes = { sizes: number[]; at: number } | undefined

function xiphSizes(bytes: Uint8Array, start: number, count: number): Sizes {
  const sizes: number[] = []
  let at = start
  while (sizes.length < count - 1) {
    let size = 0
    for (;;) {
      const byte = bytes[at++]
      if (byte === undefined) return undefined
      size += byte
      if (byte < 255) break
    }
    sizes.push(size)
  }
  return { sizes, at }
}

/** The first as it is, each other as its difference from the one before. */
function ebmlSizes(bytes: Uint8Array, start: number, count: number): Sizes {
  const sizes: number[] = []
  let at = start
  while (sizes.length < count - 1) {
    const number = numberAt(bytes, at)
    if (!number) return undefined
    const last = sizes.at(-1)
    sizes.push(last === undefined ? number.value : last + number.value - (2 ** (7 * number.length - 1) - 1))
    at += number.length
  }
  return { sizes, at }
}
