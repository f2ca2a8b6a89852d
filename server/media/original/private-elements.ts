import type { ReadAt } from '../source/cut-off.ts'
import type { Blank } from './blanks.ts'

const ids = { ebml: 0x1a45dfa3, segment: 0x18538067, info: 0x1549a966, tags: 0x1254c367, attachments: 0x1941a469 }
/** Title, day, and names of files, within the segment's information. */
const toldOfInfo = [0x7ba9, 0x4461, 0x7384, 0x3c83ab, 0x3e83bb]
const maxElements = 200_000

export type Outline = { id: number; start: number; content: number; end: number }

/** [T33] The same for Matroska and WebM: what they say of people, each as a `Void` of its own length. */
export async function privateElements(readAt: ReadAt, size: number): Promise<Blank[] | undefined> {
  const blanks: Blank[] = []
  let seen = 0
  const walk = async (span: { start: number; end: number }): Promise<boolean> => {
    for (let at = span.start; at < span.end; ) {
      const element = await readElement(readAt, at, span.end)
      if (!element || ++seen > maxElements) return false
      const { id } = element
      if (id === ids.tags || id === ids.attachments || toldOfInfo.includes(id)) blanks.push(voided(element))
      else if ((id === ids.segment || id === ids.info) && !(await walk({ start: element.content, end: element.end }))) return false
      at = element.end
    }
    return true
  }
  return (await walk({ start: 0, end: size })) ? blanks : undefined
}

export async function readElement(readAt: ReadAt, start: number, limit: number): Promise<Outline | undefined> {
  const head = await readAt(start, 12)
  const idLength = Math.clz32(head[0] ?? 0) - 23
  const sizeLength = Math.clz32(head[idLength] ?? 0) - 23
  if (idLength > 4 || sizeLength > 8 || head.length < idLength + sizeLength) return undefined
  const id = head.subarray(0, idLength).reduce((sum, byte) => sum * 256 + byte, 0)
  const bytes = head.subarray(idLength, idLength + sizeLength)
  const first = (bytes[0] ?? 0) & (0xff >> sizeLength)
  const isUnknown = first === 0xff >> sizeLength && bytes.subarray(1).every((byte) => byte === 0xff)
  const content = start + idLength + sizeLength
  // A stream that was written as it came says nowhere how long it is: only its outermost part may.
  if (isUnknown) return id === ids.segment ? { id, start, content, end: limit } : undefined
  const end = content + bytes.subarray(1).reduce((sum, byte) => sum * 256 + byte, first)
  return end > limit ? undefined : { id, start, content, end }
}

function voided({ start, end }: Outline): Blank {
  const length = end - start
  const wide = length >= 9
  const head = new Uint8Array(wide ? 9 : 2)
  head[0] = 0xec
  if (wide) {
    new DataView(head.buffer).setBigUint64(1, BigInt(length - 9))
    head[1] = 1
  } else head[1] = 0x80 | (length - 2)
  return { start, end, head }
}
