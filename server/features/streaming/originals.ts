import { buffer } from 'node:stream/consumers'
import type { Blank } from '#server/media/original/blanks.ts'
import { findPrivate } from '#server/media/original/find-private.ts'
import { type Original, readOriginal } from '#server/media/original/read-original.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import { createShelf } from './shelf.ts'

export type SourceFile = { blob: string; size: number }

/** What is known of originals from their index alone; read once, kept while they are watched. */
export function createOriginals(blobs: Pick<Blobs, 'read'>) {
  const readAtOf =
    ({ blob, size }: SourceFile) =>
    async (start: number, length: number): Promise<Uint8Array> => {
      const end = Math.min(size, start + length)
      return start >= end ? new Uint8Array() : await buffer(blobs.read(blob, { range: { start, end } }))
    }
  const originals = createShelf<Original | undefined>(24)
  const blanks = createShelf<Blank[] | undefined>(500)
  return {
    /** Undefined: no browser can play it as it lies there. */
    find: (source: SourceFile) => originals.get(source.blob, () => readOriginal(readAtOf(source), source.size)),
    /** What others get empty; undefined: it can not be cleaned. */
    blanksOf: (source: SourceFile) => blanks.get(source.blob, () => findPrivate(readAtOf(source), source.size)),
  }
}
