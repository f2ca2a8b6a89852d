import type { ByteRange } from '#server/lib/byte-ranges.ts'

/** A number of bytes from a field of a form or of JSON; `undefined` when it is not exactly one. */
export function parseByteCount(value: unknown): number | undefined {
  if (typeof value === 'string' && !/^[0-9]{1,16}$/.test(value)) return undefined
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const count = Number(value)
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined
}

/**
 * upload-protocol, "Byte ranges": the block's own length decides; `startByte+n` is exclusive, `startByte+n-1` inclusive, anything else refused.
 * A block of no bytes is a place and not a range, and only its exclusive spelling can be written.
 */
export function toBlockRange(block: { startByte: number; endByte: number; length: number; fileSize: number }): ByteRange | undefined {
  const { startByte: start, endByte, length, fileSize } = block
  const end = start + length
  const isSpelled = endByte === end || (length > 0 && endByte === end - 1)
  return isSpelled && end <= fileSize ? { start, end } : undefined
}
