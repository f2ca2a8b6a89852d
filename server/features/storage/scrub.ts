import { createHash } from 'node:crypto'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Videos } from '../videos/index.ts'

export type ScrubParts = { blobs: Pick<Blobs, 'find' | 'read'>; videos: Pick<Videos, 'sources'> }
export type Scrub = ReturnType<typeof createScrub>

/** Bits rot, and nobody reads for years what all else is made of: each week every source is held against the hash with which it arrived. */
export function createScrub({ blobs, videos }: ScrubParts) {
  async function faultOf({ blob, sha256 }: { blob: string; sha256: string }, signal: AbortSignal): Promise<string | undefined> {
    if (!(await blobs.find(blob))) return 'is gone'
    const hash = createHash('sha256')
    for await (const bytes of blobs.read(blob, { signal })) hash.update(bytes)
    return hash.digest('hex') === sha256 ? undefined : 'is not what arrived any more'
  }

  return {
    list: videos.sources.list,

    /** Throws what is wrong: its task is parked with it, for admins to see. */
    async look({ videoId }: { videoId: string }, { signal }: { signal: AbortSignal }): Promise<void> {
      const source = await videos.sources.find(videoId)
      if (!source) return
      const fault = await faultOf(source, signal)
      // One that has been replaced meanwhile says nothing.
      if (fault === undefined || (await videos.sources.find(videoId))?.blob !== source.blob) return
      throw new Error(`${source.blob} ${fault}: restore it from a backup`)
    },
  }
}
