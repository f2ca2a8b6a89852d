import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'

/**
 * No write takes so long, but that of a film that leaves while it arrives. Whoever writes aborts what fails; what is older has lost its writer: killed
 * in the middle, or never told that the upload stood. Its parts are paid for, and no list of blobs shows them.
 */
const abandonedAfterMs = 24 * 3_600_000

export type StorageService = {
  /** Answers how many there were. Where blobs lie on a disk there are none: the store clears its drafts at each start. */
  sweepUploads(signal: AbortSignal): Promise<number>
}

export type StorageParts = {
  blobs: Pick<Blobs, 'remote'>
  clock: Clock
  log: Log
  /** A film may arrive for days, and what of it has left is wanted. */
  isWanted(begun: { name: string; upload: string }): Promise<boolean>
}

export function createStorageService({ blobs, clock, log, isWanted }: StorageParts): StorageService {
  return {
    async sweepUploads(signal) {
      const { remote } = blobs
      if (!remote) return 0
      let count = 0
      for await (const { name, upload, startedMs } of remote.listUploads({ startedBeforeMs: clock.now() - abandonedAfterMs })) {
        signal.throwIfAborted()
        if (await isWanted({ name, upload })) continue
        await remote.abortParts(name, upload)
        log.info('storage.upload_swept', { name, startedMs })
        count++
      }
      return count
    },
  }
}
