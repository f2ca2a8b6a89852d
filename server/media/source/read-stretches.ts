import type { ReadAt } from './cut-off.ts'
import type { Stretches } from './stretches.ts'
import { stretchesOfBoxes } from './stretches-boxes.ts'
import { stretchesOfElements } from './stretches-elements.ts'

/** Undefined: a kind of file, or an index, of which one can not say. */
export async function readStretches(readAt: ReadAt, size: number): Promise<Stretches | undefined> {
  const head = await readAt(0, 12)
  const isMatroska = head[0] === 0x1a && head[1] === 0x45 && head[2] === 0xdf && head[3] === 0xa3
  const read = isMatroska ? stretchesOfElements : stretchesOfBoxes
  try {
    return await read(readAt, size)
  } catch (error) {
    // Boxes that reach out of each other, and numbers beyond the file.
    if (error instanceof RangeError || (error instanceof Error && error.message.startsWith('a box '))) return undefined
    throw error
  }
}
