import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'

/**
 * No write takes so long. Whoever writes aborts what fails; what is older has lost its writer: killed in the middle, or never told that the upload
 * stood. Its parts are paid for, and no list of blobs shows them.
 */
const abandonedAfterMs = 24 * 3_600_000

export type StorageService = {
  /** Answers how many there were. Where blobs lie on a disk there are none: the store clears its drafts at each start. */
  sweepUploads(signal: AbortSignal): Promise<number>
}

export function createStorageService(parts: { blobs: Pick<Blobs, 'remote'>; clock: Clock; log: Log }): StorageService {
  const { blobs, clock, log } = parts
  return {
    async sweepUploads(signal) {
      const { remote } = blobs
      if (!remote) return 0
      let count = 0
      for await (const { name, upload, startedMs } of remote.listUploads({ startedBeforeMs: clock.now() - abandonedAfterMs })) {
        signal.throwIfAborted()
        await remote.abortParts(name, upload)
        log.info('storage.upload_swept', { name, startedMs })
        count++
      }
      return count
    },
  }
}
