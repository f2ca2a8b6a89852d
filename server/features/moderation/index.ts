import type { Database } from '#server/database/database.ts'
import type { Accounts } from '../accounts/index.ts'
import { createCases } from './cases.ts'
import { closedKind, moderationJobs } from './jobs.ts'
import type { ModerationParts } from './parts.ts'
import { createPeople } from './people.ts'
import { createReports } from './reports.ts'
import { moderationRoutes } from './routes.ts'
import { createModerationStore } from './store.ts'

type Parts = Omit<ModerationParts, 'store' | 'accounts'> & {
  db: Database<'report_case' | 'report' | 'account' | 'video' | 'comment' | 'danmaku' | 'mute'>
  accounts: Pick<Accounts, 'profiles' | 'closing'>
}

/** What is reported, who decides on it, and what is done to things and persons: one queue, each deed with its entry in the log. */
export function createModeration({ db, ...parts }: Parts) {
  const store = createModerationStore(db)
  const all = { ...parts, store }
  parts.accounts.closing.keeps({ kind: 'reports', count: store.countOf, task: closedKind })
  const services = { reports: createReports(all), cases: createCases(all), people: createPeople(all) }
  return {
    doors: {
      routes: moderationRoutes(services),
      jobs: moderationJobs((accountId) => store.removeAllOf(accountId, parts.clock.now())),
    },
  }
}
