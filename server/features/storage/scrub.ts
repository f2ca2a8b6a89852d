import { createHash } from 'node:crypto'
import { Type } from 'typebox'
import { createBatchChore } from '#server/jobs/batch-chore.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Queue } from '#server/ports/queue.ts'
import type { Videos } from '../videos/index.ts'

export type ScrubParts = { blobs: Pick<Blobs, 'find' | 'read'>; videos: Pick<Videos, 'sources'>; queue: Pick<Queue, 'add' | 'counts'> }

/** Bits rot, and nobody reads what all else is made of for years: each week every source is held against the hash with which it arrived. */
export function createScrub({ blobs, videos, queue }: ScrubParts) {
  /** Throws what is wrong: the task is parked with it, for admins to see. What can be made again of the source is made again by its row's own mending. */
  async function look({ videoId }: { videoId: string }, { signal }: { signal: AbortSignal }): Promise<void> {
    const source = await videos.sources.find(videoId)
    if (!source) return
    const fault = await faultOf(source, signal)
    // One that has been replaced meanwhile says nothing.
    if (fault === undefined || (await videos.sources.find(videoId))?.blob !== source.blob) return
    throw new Error(`${source.blob} ${fault}: restore it from a backup`)
  }

  async function faultOf({ blob, sha256 }: { blob: string; sha256: string }, signal: AbortSignal): Promise<string | undefined> {
    if (!(await blobs.find(blob))) return 'is gone'
    const hash = createHash('sha256')
    for await (const bytes of blobs.read(blob, { signal })) hash.update(bytes)
    return hash.digest('hex') === sha256 ? undefined : 'is not what arrived any more'
  }

  const jobs = createBatchChore({
    name: 'storage.scrub',
    cron: '50 3 * * 0',
    queue,
    async produce(after, limit) {
      const ids = await videos.sources.list(after, limit)
      return { items: ids.map((videoId) => ({ key: videoId, payload: { videoId } })), next: ids.length < limit ? undefined : ids.at(-1) }
    },
    item: Type.Object({ videoId: Type.String() }, { additionalProperties: false }),
    consume: look,
    concurrency: 1,
    overAll: 1,
    deadlineMs: 6 * 3_600_000,
    maxAttempts: 2,
  })
  return { look, jobs }
}
