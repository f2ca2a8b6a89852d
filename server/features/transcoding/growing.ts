import type { GrowingSource, Videos } from '#server/features/videos/index.ts'
import { toRangesText } from '#server/lib/byte-ranges.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { Tasks } from '#server/ports/tasks.ts'
import type { GrowingRow, GrowingStore } from './growing-store.ts'
import { filmPrefix } from './names.ts'
import type { FilmKey, TranscodingStore } from './store.ts'

type Parts = {
  growing: GrowingStore
  store: Pick<TranscodingStore, 'findSource' | 'forgetGeneration'>
  videos: Pick<Videos, 'skipGeneration' | 'sourceAgain'>
  blobs: Blobs
  tasks: Pick<Tasks, 'add'>
  clock: Clock
  log: Log
}
export type Growing = ReturnType<typeof createGrowing>

const everyMs = 500
/** Of two that come for one film the first is followed, as long as it moves. */
const followedMs = 60_000
/** Before all that nobody waits for: whoever uploads watches it. */
const priority = 900

/**
 * [G11] A source that is still on its way is planned and cut where its bytes are, under the generation that it will have. When something else arrives
 * instead, nothing of it stays, and that generation is never used again.
 */
export function createGrowing({ growing, store, videos, blobs, tasks, clock, log }: Parts) {
  const heard = new Map<string, GrowingSource>()
  let timer: { cancel(): void } | undefined

  async function tell({ videoId, blob, path, size, held }: GrowingSource): Promise<void> {
    const video = await store.findSource(videoId)
    if (video?.state !== 'uploading') return
    const generation = video.generation + 1
    const known = await growing.find(videoId)
    if (known && known.blob !== blob && clock.now() - known.touched_ms < followedMs) return
    if (known && (known.blob !== blob || known.generation !== generation)) return await discard(known)
    await growing.put({ video_id: videoId, generation, blob, path, size, held: toRangesText(held), touched_ms: clock.now() })
    await tasks.add('transcoding.grow', { videoId, generation }, { key: `${videoId}/${generation}`, priority })
  }

  async function discard({ video_id: videoId, generation }: GrowingRow): Promise<void> {
    await videos.skipGeneration(videoId, generation)
    await growing.forget(videoId)
    await store.forgetGeneration({ videoId, generation })
    for (;;) {
      const { items } = await blobs.list(filmPrefix({ videoId, generation }))
      if (items.length === 0) return
      await blobs.delete(items.map(({ name }) => name))
    }
  }

  return {
    /** Told with each block: looked at twice a second. */
    hear(source: GrowingSource): void {
      heard.set(source.videoId, source)
      timer ??= clock.after(everyMs, () => {
        timer = undefined
        const sources = [...heard.values()]
        heard.clear()
        for (const one of sources)
          tell(one).catch((error: unknown) => log.warn('transcoding.growth_not_followed', { videoId: one.videoId, error }))
      })
    },

    find: (key: FilmKey) => growing.find(key.videoId).then((row) => (row?.generation === key.generation ? row : undefined)),

    /** It will not come. */
    async ended(videoId: string): Promise<void> {
      heard.delete(videoId)
      const row = await growing.find(videoId)
      if (row) await discard(row)
    },

    /** The source is whole. `kept`: what was made of it before is good; `again`: something else was under its generation, and it gets another one. */
    async arrived(key: FilmKey, blob: string): Promise<'new' | 'kept' | 'again'> {
      const row = await growing.find(key.videoId)
      if (!row) return 'new'
      if (row.blob === blob && row.generation === key.generation) return 'kept'
      await discard(row)
      if (row.generation !== key.generation) return 'new'
      await videos.sourceAgain(key.videoId)
      return 'again'
    },

    forget: growing.forget,

    close: () => timer?.cancel(),
  }
}
