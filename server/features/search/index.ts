import type { Database } from '#server/database/database.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Videos } from '../videos/index.ts'
import { createLiveIndex } from './live-index.ts'
import { searchRoutes } from './routes.ts'
import { createSearchService, type SearchParts } from './service.ts'
import { createSearchStore } from './store.ts'

type Parts = Omit<SearchParts, 'store' | 'index' | 'videos'> & {
  db: Database<'video' | 'video_tag' | 'video_figure' | 'account'>
  bus: Bus
  videos: Pick<Videos, 'cards' | 'audienceOf' | 'onChange'>
}

export type { Film } from './film.ts'
export type Search = Awaited<ReturnType<typeof openSearch>>

/** Finding a film by what one remembers of it. */
export function openSearch({ db, bus, ...parts }: Parts) {
  const store = createSearchStore(db)
  const index = createLiveIndex({ store, bus, clock: parts.clock })
  parts.videos.onChange(index.changed)
  const service = createSearchService({ ...parts, store, index })
  return { all: service.all, doors: { routes: searchRoutes(service) }, [Symbol.asyncDispose]: index.close }
}
