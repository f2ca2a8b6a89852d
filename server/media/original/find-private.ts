import type { ReadAt } from '../source/read-at.ts'
import type { Blank } from './blanks.ts'
import { isMatroska } from './elements.ts'
import { privateBoxes } from './private-boxes.ts'
import { privateElements } from './private-elements.ts'

/** What must be blank when others get the original. Undefined: this container cannot be cleaned in place, so nobody but its owner gets it. */
export async function findPrivate(readAt: ReadAt, size: number): Promise<Blank[] | undefined> {
  const head = await readAt(0, 12)
  if (isMatroska(head)) return await privateElements(readAt, size)
  const kind = String.fromCharCode(...head.subarray(4, 8))
  return ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'].includes(kind) ? await privateBoxes(readAt, size) : undefined
}
