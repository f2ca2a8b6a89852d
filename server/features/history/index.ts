import type { Database } from '#server/database/database.ts'
import type { Accounts } from '../accounts/index.ts'
import { closedKind, historyJobs } from './jobs.ts'
import { historyRoutes } from './routes.ts'
import { createHistoryService, type HistoryParts } from './service.ts'
import { createHistoryStore } from './store.ts'

type Parts = Omit<HistoryParts, 'store'> & {
  db: Database<'watch' | 'history_pause' | 'video'>
  accounts: Pick<Accounts, 'closing'>
}

/** What a person watched and where they stopped, as long as they want it to be known. */
export function createHistory({ db, accounts, ...parts }: Parts) {
  const service = createHistoryService({ ...parts, store: createHistoryStore(db) })
  accounts.closing.keeps({ kind: 'history', count: service.countOf, task: closedKind })
  return { put: service.put, moveAll: service.moveAll, doors: { routes: historyRoutes(service), jobs: historyJobs(service) } }
}
