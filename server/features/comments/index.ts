import type { Database } from '#server/database/database.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Videos } from '../videos/index.ts'
import { closedKind, commentJobs } from './jobs.ts'
import { commentRoutes } from './routes.ts'
import { type CommentParts, createCommentService } from './service.ts'
import { createCommentStore } from './store.ts'

type Parts = Omit<CommentParts, 'store' | 'videos'> & {
  db: Database<'comment' | 'comment_like' | 'comment_place' | 'account' | 'account_name' | 'video'>
  accounts: Pick<Accounts, 'closing'>
  videos: Pick<Videos, 'seeUnlocked' | 'seeMany' | 'onGone'>
}

/** What people say under videos. */
export function createComments({ db, accounts, ...parts }: Parts) {
  const service = createCommentService({ ...parts, store: createCommentStore(db) })
  accounts.closing.keeps({ kind: 'comments', count: service.countOf, task: closedKind })
  parts.videos.onGone(service.forgetVideo)
  const { add, like, list, latestOf, findAny, hide, takeAway, countOf, moveAll } = service
  const doors = { routes: commentRoutes(service), jobs: commentJobs(service) }
  return { add, like, list, latestOf, findAny, hide, takeAway, countOf, moveAll, doors }
}

export type Comments = ReturnType<typeof createComments>
