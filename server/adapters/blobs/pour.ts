import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { abortable } from '#server/lib/abortable.ts'
import type { WriteOptions } from '#server/ports/blobs.ts'
import { otherContent, otherSize } from './errors.ts'

/** So much is gathered before it is written: few calls for sources that come in crumbs. */
const gatherBytes = 1 << 20

/** Writes a source into a file from its start, hashing while the write before is under way. Throws when it is not what was expected. */
export async function pour(
  file: FileHandle,
  source: AsyncIterable<Uint8Array>,
  options: WriteOptions & { onGathered: (sizeBytes: number) => Promise<void> },
): Promise<{ size: number; sha256: string }> {
  const { expect = {}, signal, onGathered } = options
  const hash = createHash('sha256')
  let size = 0
  let gathered: Uint8Array[] = []
  let gatheredBytes = 0
  let writing: Promise<void> = Promise.resolve()

  const flush = async () => {
    await writing
    if (gatheredBytes === 0) return
    await onGathered(size)
    writing = writeAll(file, gathered, size - gatheredBytes)
    // Its failure is met at the next flush; until then it must not count as unhandled.
    writing.catch(() => {})
    gathered = []
    gatheredBytes = 0
  }

  for await (const chunk of abortable(source, signal)) {
    if (chunk.byteLength === 0) continue
    hash.update(chunk)
    gathered.push(chunk)
    gatheredBytes += chunk.byteLength
    size += chunk.byteLength
    if (expect.size !== undefined && size > expect.size) {
      await writing
      throw otherSize(expect.size, size)
    }
    if (gatheredBytes >= gatherBytes) await flush()
  }
  signal?.throwIfAborted()
  await flush()
  await writing
  if (expect.size !== undefined && size !== expect.size) throw otherSize(expect.size, size)
  const sha256 = hash.digest('hex')
  if (expect.sha256 !== undefined && sha256 !== expect.sha256.toLowerCase()) throw otherContent()
  return { size, sha256 }
}

/** A disk that fills up may take a part of what it was given. */
async function writeAll(file: FileHandle, chunks: Uint8Array[], position: number): Promise<void> {
  let at = position
  let rest = chunks
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest, at)
    if (bytesWritten === 0) throw new Error('The file takes no more bytes.')
    at += bytesWritten
    rest = without(rest, bytesWritten)
  }
}

function without(chunks: Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes
  for (const [index, chunk] of chunks.entries()) {
    if (skip < chunk.byteLength) return [chunk.subarray(skip), ...chunks.slice(index + 1)]
    skip -= chunk.byteLength
  }
  return []
}
