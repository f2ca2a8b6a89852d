import type { Database } from '#server/database/database.ts'
import { curationJobs } from './jobs.ts'
import { curationRoutes } from './routes.ts'
import { createCurationService, type CurationParts } from './service.ts'
import { createCurationStore } from './store.ts'

type Parts = Omit<CurationParts, 'store'> & { db: Database<'video' | 'video_alias' | 'playlist_item'> }

/** What those who look after the house do with all films: find any, show it first, hand it over, make two of them one. */
export function createCuration({ db, ...parts }: Parts) {
  const service = createCurationService({ ...parts, store: createCurationStore(db) })
  return { doors: { routes: curationRoutes(service), jobs: curationJobs(service) } }
}
