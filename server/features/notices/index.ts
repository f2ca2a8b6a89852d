import type { Database } from '#server/database/database.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Videos } from '../videos/index.ts'
import { closedKind, filmsKind, noticeJobs } from './jobs.ts'
import { createNewFilms } from './new-films.ts'
import { noticeRoutes } from './routes.ts'
import { createNoticeService, type NoticeParts } from './service.ts'
import { noticeSockets } from './sockets.ts'
import { createNoticeStore } from './store.ts'
import { toTell } from './told.ts'

export { toTell } from './told.ts'

type Parts = Omit<NoticeParts, 'store' | 'videos'> & {
  db: Database<'notice' | 'notice_choice' | 'comment' | 'account' | 'event' | 'event_head'>
  accounts: Pick<Accounts, 'closing'>
  videos: Pick<Videos, 'cards' | 'announcing' | 'onOutcome'>
}

/** What reaches people when they are away. */
export function createNotices({ db, accounts, ...parts }: Parts) {
  const { videos } = parts
  const service = createNoticeService({ ...parts, store: createNoticeStore(db) })
  accounts.closing.keeps({ kind: 'notices', count: service.countOf, task: closedKind })
  videos.onOutcome(({ videoId, generation, ownerId, state }) => {
    // What came out otherwise, by its hour or its owner's word, the chore of each minute finds.
    const films = { kind: filmsKind, payload: {}, key: filmsKind }
    if (state === 'playable') return [films]
    const kind = state === 'ready' ? 'film_ready' : 'film_failed'
    const about = { to: [ownerId], origin: `${videoId} ${generation} ${state}`, group: `film ${videoId}`, videoId }
    return [films, toTell({ kind, ...about })]
  })
  return {
    toTell,
    doors: {
      routes: noticeRoutes(service),
      sockets: noticeSockets,
      jobs: noticeJobs(service, createNewFilms({ ...parts, notices: service })),
    },
  }
}

export type Notices = ReturnType<typeof createNotices>
