import { open } from 'node:fs/promises'
import { numberAt } from '../original/elements.ts'
import type { ReadAt } from './read-at.ts'

/** An upload or a copy that was broken off still declares its whole length: FFmpeg believes it, and holds the last picture for an hour. */
export async function isCutOff(path: string): Promise<boolean> {
  await using file = await open(path)
  const { size } = await file.stat()
  const readAt: ReadAt = async (start, length) => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - start)))
    await file.read(bytes, 0, bytes.length, start)
    return bytes
  }
  return await endsBeyond(readAt, size)
}

/** Whether the outermost parts of an MP4, Matroska or RIFF file say that they end after the file does. */
async function endsBeyond(readAt: ReadAt, size: number): Promise<boolean> {
  const head = await readAt(0, 64)
  const kind = String.fromCharCode(...head.subarray(4, 8))
  if (['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'].includes(kind)) return await boxesEndBeyond(readAt, size)
  if (toView(head).byteLength >= 4 && toView(head).getUint32(0) === ebml) return segmentEndsBeyond(head, size)
  if (String.fromCharCode(...head.subarray(0, 4)) === 'RIFF') return toView(head).getUint32(4, true) + 8 > size + 1
  return false
}

const ebml = 0x1a45dfa3
const segment = 0x18538067
const maxBoxes = 100_000

async function boxesEndBeyond(readAt: ReadAt, size: number): Promise<boolean> {
  let at = 0
  for (let count = 0; at < size && count < maxBoxes; count++) {
    const head = await readAt(at, 16)
    const view = toView(head)
    if (head.length < 8) return true
    const short = view.getUint32(0)
    if (short === 0) return false
    if (short === 1 && head.length < 16) return true
    const length = short === 1 ? Number(view.getBigUint64(8)) : short
    if (length < 8) return false
    at += length
  }
  return at > size
}

function segmentEndsBeyond(head: Uint8Array, size: number): boolean {
  const inner = numberAt(head, 4)
  if (!inner) return false
  const at = 4 + inner.length + inner.value
  if (at + 12 > head.length || toView(head).getUint32(at) !== segment) return false
  const body = numberAt(head, at + 4)
  return body !== undefined && !body.isUnknown && at + 4 + body.length + body.value > size
}

const toView = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
