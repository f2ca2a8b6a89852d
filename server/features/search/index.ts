import type { Database } from '#server/database/database.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Queue } from '#server/ports/queue.ts'
import type { Videos } from '../videos/index.ts'
import { searchJobs } from './jobs.ts'
import { listenTo } from './listen.ts'
import { createLiveIndex } from './live-index.ts'
import { searchRoutes } from './routes.ts'
import { createSearchService, type SearchParts } from './service.ts'
import { createSearchStore } from './store.ts'

type Parts = Omit<SearchParts, 'store' | 'index' | 'videos'> & {
  db: Database<'video' | 'video_tag' | 'video_figure' | 'video_text' | 'said' | 'account'>
  blobs: Pick<Blobs, 'read'>
  queue: Pick<Queue, 'add' | 'counts'>
  bus: Bus
  videos: Pick<Videos, 'cards' | 'audienceOf' | 'onChange' | 'onGone'>
}

export type { Film } from './film.ts'
export type Search = Awaited<ReturnType<typeof openSearch>>

/** Finding a film by what one remembers of it. */
export function openSearch({ db, bus, blobs, queue, ...parts }: Parts) {
  const store = createSearchStore(db)
  const index = createLiveIndex({ store, bus, clock: parts.clock })
  parts.videos.onChange(index.changed)
  parts.videos.onGone((videoId) => store.putSaid(videoId, []))
  const listen = (videoId: string, signal: AbortSignal) => listenTo({ store, blobs }, videoId, signal)
  const jobs = searchJobs({ queue, unsaid: store.unsaid, listen })
  const service = createSearchService({ ...parts, store, index })
  return { all: service.all, doors: { routes: searchRoutes(service), jobs }, [Symbol.asyncDispose]: index.close }
}
