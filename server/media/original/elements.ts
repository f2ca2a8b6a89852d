import type { ReadAt } from '../source/read-at.ts'

/** An element of a Matroska file: its number, and where it and its content lie. Half-open. */
export type Element = { id: number; start: number; content: number; end: number; isUnknown: boolean }

export const ids = {
  ...{ ebml: 0x1a45dfa3, segment: 0x18538067, seekHead: 0x114d9b74, info: 0x1549a966, tracks: 0x1654ae6b, cues: 0x1c53bb6b },
  ...{ tags: 0x1254c367, attachments: 0x1941a469, cluster: 0x1f43b675 },
}

/** The first bytes of a file that is Matroska or WebM. */
export const isMatroska = (head: Uint8Array) => head[0] === 0x1a && head[1] === 0x45 && head[2] === 0xdf && head[3] === 0xa3

/** Reads the head of one. Undefined: it is none, or it reaches beyond its limit. */
export async function readElement(readAt: ReadAt, start: number, limit: number): Promise<Element | undefined> {
  const head = elementAt(await readAt(start, 12), 0, 12)
  if (!head) return undefined
  const content = start + head.content
  // A stream that was written as it came says nowhere how long it is: only its outermost part may.
  if (head.isUnknown) return head.id === ids.segment ? { ...head, start, content, end: limit } : undefined
  const end = start + head.end
  return end > limit ? undefined : { ...head, start, content, end }
}

/** The elements that follow each other in bytes at hand. The last may reach beyond them: then its `end` does too. */
export function* elementsIn(bytes: Uint8Array, start = 0, end = bytes.length): Generator<Element> {
  for (let at = start; at < end; ) {
    const element = elementAt(bytes, at, end)
    if (!element || element.isUnknown) return
    yield element
    at = element.end
  }
}

function elementAt(bytes: Uint8Array, at: number, limit: number): Element | undefined {
  const idLength = Math.clz32(bytes[at] ?? 0) - 23
  const size = numberAt(bytes, at + idLength)
  if (idLength > 4 || !size || at + idLength + size.length > limit) return undefined
  let id = 0
  for (const byte of bytes.subarray(at, at + idLength)) id = id * 256 + byte
  const content = at + idLength + size.length
  return { id, start: at, content, end: content + size.value, isUnknown: size.isUnknown }
}

/** A size: as many leading zeros as bytes follow; all ones mean that nobody knows. */
export function numberAt(bytes: Uint8Array, at: number): { value: number; length: number; isUnknown: boolean } | undefined {
  const first = bytes[at] ?? 0
  const length = Math.clz32(first) - 23
  if (first === 0 || at + length > bytes.length) return undefined
  let value = first & (0xff >> length)
  let isUnknown = value === 0xff >> length
  for (const byte of bytes.subarray(at + 1, at + length)) {
    value = value * 256 + byte
    isUnknown &&= byte === 0xff
  }
  return { value, length, isUnknown }
}

export function toNumber(bytes: Uint8Array, { content, end }: Element): number {
  let value = 0
  for (const byte of bytes.subarray(content, Math.min(end, content + 8))) value = value * 256 + byte
  return value
}

/** 0 of a length that no number has. */
export function toFloat(bytes: Uint8Array, { content, end }: Element): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (end > bytes.length) return 0
  return end - content === 8 ? view.getFloat64(content) : end - content === 4 ? view.getFloat32(content) : 0
}

export const toText = (bytes: Uint8Array, { content, end }: Element): string =>
  new TextDecoder('latin1').decode(bytes.subarray(content, end)).replace(/\0.*$/s, '')
