import type { ReadAt } from './read-at.ts'
import { isMatroska } from '../original/elements.ts'
import type { Stretches } from './stretches.ts'
import { stretchesOfBoxes } from './stretches-boxes.ts'
import { stretchesOfElements } from './stretches-elements.ts'

/** Undefined: a kind of file, or an index, of which one can not say. */
export async function readStretches(readAt: ReadAt, size: number): Promise<Stretches | undefined> {
  const read = isMatroska(await readAt(0, 12)) ? stretchesOfElements : stretchesOfBoxes
  try {
    return await read(readAt, size)
  } catch (error) {
    // Boxes that reach out of each other, and numbers beyond the file.
    if (error instanceof RangeError || (error instanceof Error && error.message.startsWith('a box '))) return undefined
    throw error
  }
}
