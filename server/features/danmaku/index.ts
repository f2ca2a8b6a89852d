import type { Database } from '#server/database/database.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Videos } from '../videos/index.ts'
import { closedKind, danmakuJobs } from './jobs.ts'
import { createPackets } from './packets.ts'
import { danmakuRoutes } from './routes.ts'
import { createDanmakuService, type DanmakuParts } from './service.ts'
import { createDanmakuStore } from './store.ts'

type Parts = Omit<DanmakuParts, 'store' | 'packets' | 'videos'> & {
  db: Database<'danmaku' | 'danmaku_like' | 'danmaku_slot' | 'account'>
  accounts: Pick<Accounts, 'closing'>
  videos: Pick<Videos, 'seeUnlocked' | 'onGone'>
  cache: Pick<Cache, 'get' | 'invalidate'>
}

/** What people let fly over films at its moment. */
export function createDanmaku({ db, accounts, cache, ...parts }: Parts) {
  const store = createDanmakuStore(db)
  const service = createDanmakuService({ ...parts, store, packets: createPackets({ store, cache }) })
  accounts.closing.keeps({ kind: 'danmaku', count: service.countOf, task: closedKind })
  parts.videos.onGone(service.forgetVideo)
  const { add, find, hide, list, takeAway, latestOf, countOf, moveAll } = service
  const doors = { routes: danmakuRoutes(service), jobs: danmakuJobs(service) }
  return { add, find, hide, list, takeAway, latestOf, countOf, moveAll, doors }
}

export type Danmakus = ReturnType<typeof createDanmaku>
