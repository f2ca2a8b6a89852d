import type { Config } from '#server/config/keys.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'

export async function openBlobs(parts: { config: Config['blobs']; folder: string; clock: Clock; log: Log }): Promise<Blobs> {
  const { config, folder, clock, log } = parts
  if (config.kind === 's3') {
    const { openS3Blobs } = await import('#server/adapters/blobs/s3-blobs.ts')
    return await openS3Blobs({ ...config.s3, clock, log })
  }
  const { openDiskBlobs } = await import('#server/adapters/blobs/disk-blobs.ts')
  return await openDiskBlobs({ folder, clock, log })
}
