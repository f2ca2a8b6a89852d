import { boxesIn } from '../cell/boxes.ts'
import type { ReadAt } from '../source/read-at.ts'
import { viewOf } from './boxes.ts'
import type { Fragment } from './fragments.ts'

const caps = { boxes: 40_000, moov: 192 * 2 ** 20, moof: 4 * 2 ** 20 }

/** The index of an MP4 or QuickTime file, wherever it lies. Undefined: another kind of file, or one that lies. */
export async function findMoov(readAt: ReadAt, size: number): Promise<Uint8Array | undefined> {
  for await (const box of outermost(readAt, size)) if (box.kind === 'moov') return await contentOf(readAt, box, caps.moov)
  return undefined
}

/** The same with the heads of its fragments, if it was written as it came. */
export async function findIndex(
  readAt: ReadAt,
  size: number,
): Promise<{ moov: Uint8Array; fragments: Fragment[] | undefined } | undefined> {
  const moov = await findMoov(readAt, size)
  if (!moov || !boxesIn(moov).some(({ kind }) => kind === 'mvex')) return moov && { moov, fragments: undefined }
  const fragments: Fragment[] = []
  for await (const box of outermost(readAt, size)) {
    const bytes = box.kind === 'moof' ? await contentOf(readAt, box, caps.moof) : undefined
    if (bytes) fragments.push({ bytes, start: box.start })
    // What follows a part that can not be read does not follow.
    else if (box.kind === 'moof') return undefined
  }
  return { moov, fragments }
}

type Outermost = { kind: string; start: number; content: number; end: number }

async function* outermost(readAt: ReadAt, size: number): AsyncGenerator<Outermost> {
  for (let at = 0, seen = 0; at + 8 <= size && seen < caps.boxes; seen++) {
    const head = await readAt(at, 16)
    if (head.length < 16) return
    const view = viewOf(head)
    const short = view.getUint32(0)
    const kind = String.fromCharCode(...head.subarray(4, 8))
    const length = short === 1 ? Number(view.getBigUint64(8)) : short === 0 ? size - at : short
    if (seen === 0 && !['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'].includes(kind)) return
    if (length < 8 || at + length > size) return
    yield { kind, start: at, content: at + (short === 1 ? 16 : 8), end: at + length }
    at += length
  }
}

async function contentOf(readAt: ReadAt, { content, end }: Outermost, most: number): Promise<Uint8Array | undefined> {
  return end - content > most ? undefined : await readAt(content, end - content)
}
