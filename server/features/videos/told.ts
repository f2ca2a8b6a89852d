import type { Cache } from '#server/ports/cache.ts'
import type { Live } from '#server/ports/live.ts'
import { grew } from '#shared/messages/films.ts'
import type { VideoStore } from './store.ts'

/** Every cached list of films carries it. */
const filmsTag = 'films'

type OnChange = (videoId: string) => Promise<void> | void

export type Told = ReturnType<typeof createTold>

/** Who hears of it when a video has changed: caches, downstream features, and the devices of its owner. After the commit; hints, never truth. */
export function createTold({
  store,
  cache,
  live,
}: {
  store: VideoStore
  cache: Pick<Cache, 'invalidate'>
  live: Pick<Live, 'tell' | 'evict'>
}) {
  const onChange: OnChange[] = []

  return {
    onChange: (heard: OnChange) => void onChange.push(heard),

    /** Something that lists show, or whether they show it. */
    async changed(videoId: string): Promise<void> {
      await cache.invalidate(filmsTag)
      for (const heard of onChange) await heard(videoId)
    },

    /** Who may see it is another question now: everybody leaves, and those who still may come back. */
    async narrowed(videoId: string): Promise<void> {
      await live.evict(`video:${videoId}`, 'everybody')
    },

    async grew(videoId: string): Promise<void> {
      const row = await store.find(videoId)
      if (!row) return
      const { id, state, cells_done: cellsDone, cells_planned: cellsPlanned, seconds_left: secondsLeft } = row
      await live.tell([row.owner_id], grew, { id, state, cellsDone, cellsPlanned, secondsLeft }, { latestKey: `video.grew ${id}` })
    },
  }
}
