import type { ReadAt } from '../source/read-at.ts'
import type { Blank } from './blanks.ts'
import { ids, readElement } from './elements.ts'

/** Title, day, and names of files, within the segment's information. */
const toldOfInfo = [0x7ba9, 0x4461, 0x7384, 0x3c83ab, 0x3e83bb]
const maxElements = 200_000

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

function voided({ start, end }: { start: number; end: number }): Blank {
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
