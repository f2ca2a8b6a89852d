import type { Database } from '#server/database/database.ts'
import type { Accounts } from '../accounts/index.ts'
import { audienceJobs, closedKind } from './jobs.ts'
import { audienceRoutes } from './routes.ts'
import { type AudienceParts, createAudienceService } from './service.ts'
import { createAudienceStore } from './store.ts'

type Parts = Omit<AudienceParts, 'store'> & {
  db: Database<'video_figure' | 'video_mark' | 'contribution' | 'film_day' | 'film_source' | 'film_stay'>
  accounts: Pick<Accounts, 'closing'>
}

/** What people do with films: views, likes, favourites, and how hot they make them. */
export function createAudience({ db, accounts, ...parts }: Parts) {
  const service = createAudienceService({ ...parts, store: createAudienceStore(db) })
  accounts.closing.keeps({ kind: 'marks', count: service.countOf, task: closedKind })
  const { contribute, mark, view, moveAll } = service
  return { contribute, mark, view, moveAll, doors: { routes: audienceRoutes(service), jobs: audienceJobs(service) } }
}

export type Audience = ReturnType<typeof createAudience>
