/** Writes a box of an MP4 file out of its parts. */
export function box(kind: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 8)
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(0, length)
  for (let place = 0; place < 4; place++) bytes[4 + place] = kind.charCodeAt(place)
  let at = 8
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** One that begins with a version and flags. */
export const fullBox = (kind: string, version: number, flags: number, ...parts: readonly Uint8Array[]) =>
  box(kind, numbers32((version << 24) | flags), ...parts)

export function numbers32(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4)
  const view = new DataView(bytes.buffer)
  for (const [place, value] of values.entries()) view.setUint32(place * 4, value >>> 0)
  return bytes
}

export function number64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}

export const zeros = (length: number) => new Uint8Array(length)
export const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
