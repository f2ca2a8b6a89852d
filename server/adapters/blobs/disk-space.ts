import { constants } from 'node:fs'
import { open, rm, stat, statfs } from 'node:fs/promises'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { codeOf, full } from './errors.ts'

export type SpaceOptions = {
  /** Never taken by blobs, so that rows, logs and people's words still have room: the larger of both. */
  reserve?: { bytes: number; share: number }
  /** A file that is given up when the disk is really full, and made again when there is room. */
  ballastBytes?: number
}

export type DiskSpace = {
  freeBytes(): Promise<number>
  /** Throws `full` unless so many bytes may be written. Answers how many may. */
  need(bytes: number): Promise<number>
  /** One look: gives the ballast up, or makes it again. */
  watch(): Promise<void>
  close(): void
}

const watchEveryMs = 5000

export function openDiskSpace(
  parts: { folder: string; ballastPath: string; clock: Pick<Clock, 'after'>; log: Log } & SpaceOptions,
): DiskSpace {
  const { folder, ballastPath, clock, log, reserve = { bytes: 1e9, share: 0.05 }, ballastBytes = 64 << 20 } = parts

  const look = async () => {
    const { bavail, blocks, bsize } = await statfs(folder)
    const reserveBytes = Math.max(reserve.bytes, blocks * bsize * reserve.share)
    return { bareBytes: bavail * bsize, freeBytes: Math.max(0, Math.floor(bavail * bsize - reserveBytes)) }
  }

  const watch = async () => {
    if (ballastBytes === 0) return
    const { bareBytes, freeBytes } = await look()
    const hasBallast = await stat(ballastPath).then(
      ({ size }) => size === ballastBytes,
      () => false,
    )
    if (hasBallast && bareBytes < ballastBytes) {
      await rm(ballastPath, { force: true })
      log.warn('disk.ballast_given_up', { folder, freeBytes: bareBytes })
    } else if (!hasBallast && freeBytes > ballastBytes) {
      await makeBallast(ballastPath, ballastBytes)
      log.debug('disk.ballast_made', { folder, ballastBytes })
    }
  }

  let isClosed = false
  let timer = clock.after(watchEveryMs, onTime)
  function onTime() {
    watch()
      .catch((error) => log.warn('disk.watch_failed', { folder, error }))
      .finally(() => {
        if (!isClosed) timer = clock.after(watchEveryMs, onTime)
      })
  }

  return {
    freeBytes: async () => (await look()).freeBytes,
    async need(bytes) {
      const { freeBytes } = await look()
      if (freeBytes <= 0 || bytes > freeBytes) throw full()
      return freeBytes
    },
    watch,
    close() {
      isClosed = true
      timer.cancel()
    },
  }
}

/** Bytes of chance: a file system that compresses would keep nothing for zeros. */
async function makeBallast(path: string, sizeBytes: number): Promise<void> {
  const block = crypto.getRandomValues(Buffer.alloc(1 << 16))
  const file = await open(path, constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY | constants.O_NOFOLLOW, 0o600)
  try {
    for (let at = 0; at < sizeBytes; at += block.byteLength) await file.write(block, 0, Math.min(block.byteLength, sizeBytes - at), at)
  } catch (error) {
    await rm(path, { force: true })
    if (codeOf(error) !== 'ENOSPC') throw error
  } finally {
    await file.close()
  }
}
