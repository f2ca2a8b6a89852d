import type { Database } from '#server/database/database.ts'
import type { Accounts } from '../accounts/index.ts'
import { closedKind, followJobs } from './jobs.ts'
import { followRoutes } from './routes.ts'
import { createFollowService, type FollowParts } from './service.ts'
import { createFollowStore } from './store.ts'

type Parts = Omit<FollowParts, 'store' | 'accounts'> & {
  db: Database<'follow' | 'block' | 'account'>
  accounts: Pick<Accounts, 'closing' | 'profiles'>
}

/** Of whom one wants to hear, and of whom not. */
export function createFollows({ db, ...parts }: Parts) {
  const service = createFollowService({ ...parts, store: createFollowStore(db) })
  parts.accounts.closing.keeps({ kind: 'follows', count: service.countOf, task: closedKind })
  const { blockedBy, follow, isBlocking, followers } = service
  return { blockedBy, follow, isBlocking, followers, doors: { routes: followRoutes(service), jobs: followJobs(service) } }
}

export type Follows = ReturnType<typeof createFollows>
