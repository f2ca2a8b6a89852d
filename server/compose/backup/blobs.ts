import { createHash } from 'node:crypto'
import type { Config } from '#server/config/keys.ts'
import { pathsOf } from '#server/config/load.ts'
import type { BlobEntry, Progress } from '#server/database/backup/lines.ts'
import { blobsIn } from '#server/database/backup/verify-backup.ts'
import { Problem } from '#server/lib/problem.ts'
import type { SealKeys } from '#server/lib/sealed.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Log } from '#server/ports/log.ts'
import { openSystemClock } from '../begin.ts'
import { openBlobs } from '../ground/blobs.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

export async function openStore(config: Config): Promise<{ blobs: Blobs } & AsyncDisposable> {
  const blobs = await openBlobs({ config: config.blobs, folder: pathsOf(config).blobs, clock: await openSystemClock(), log: silent })
  return { blobs, [Symbol.asyncDispose]: () => blobs.close() }
}

/** Every blob with the hash of its bytes, as read now. One that is deleted meanwhile is left out: no row speaks of it any more. */
export async function* manifestOf(blobs: Blobs, signal: AbortSignal): AsyncGenerator<BlobEntry> {
  let after: string | undefined
  do {
    const page = await blobs.list('', after === undefined ? {} : { after })
    for (const { name } of page.items) {
      const found = await hashOf(blobs, name, signal)
      if (found) yield { name, ...found }
    }
    after = page.next
  } while (after !== undefined)
}

export type BlobFault = { name: string; fault: 'missing' | 'changed' }

/** Compares what lies in the store with what a backup says should. */
export async function* faultsOf(
  file: { path: string; keys: SealKeys | undefined },
  blobs: Blobs,
  ways: { isThorough: boolean; signal: AbortSignal; progress: Progress },
): AsyncGenerator<BlobFault> {
  let count = 0
  for await (const { name, size, sha256 } of blobsIn(file.path, file.keys)) {
    ways.progress('blobs', name, ++count)
    const info = await blobs.find(name)
    if (!info) yield { name, fault: 'missing' }
    else if (info.size !== size) yield { name, fault: 'changed' }
    else if (ways.isThorough && (await hashOf(blobs, name, ways.signal))?.sha256 !== sha256) yield { name, fault: 'changed' }
  }
}

async function hashOf(blobs: Blobs, name: string, signal: AbortSignal): Promise<{ size: number; sha256: string } | undefined> {
  const hash = createHash('sha256')
  let size = 0
  try {
    for await (const bytes of blobs.read(name, { signal })) {
      hash.update(bytes)
      size += bytes.byteLength
    }
  } catch (error) {
    if (error instanceof Problem && error.kind === 'not_found') return undefined
    throw error
  }
  return { size, sha256: hash.digest('hex') }
}
