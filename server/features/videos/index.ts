import type { Database } from '#server/database/database.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Live } from '#server/ports/live.ts'
import type { Queue } from '#server/ports/queue.ts'
import type { PersonCard } from '#shared/api/accounts.ts'
import type { Accounts } from '../accounts/index.ts'
import { createCards } from './cards.ts'
import { videoJobs } from './jobs.ts'
import { createLibrary, type LibraryParts } from './library.ts'
import { closedKind, createLibraryStore, type OwnerRow } from './library-store.ts'
import { createRecentRows } from './recent-rows.ts'
import { createRemoval } from './removal.ts'
import { videoRoutes } from './routes.ts'
import { createVideoService } from './service.ts'
import { createShelfStore } from './shelf-store.ts'
import { videoSockets } from './sockets.ts'
import { createVideoStore, type VideoRow } from './store.ts'
import { createTold } from './told.ts'
import { toThing } from './view.ts'

export type VideosParts = Omit<LibraryParts, 'accounts'> & {
  db: Database<'video' | 'video_tag' | 'video_figure' | 'video_mark' | 'video_alias' | 'watch' | 'follow' | 'account'>
  toCard: (row: OwnerRow) => PersonCard
  cache: Pick<Cache, 'invalidate'>
  live: Pick<Live, 'tell' | 'evict'>
  accounts: Pick<Accounts, 'profiles' | 'closing'>
  blobs: Blobs
  queue: Pick<Queue, 'add' | 'counts'>
  clock: Clock
  newId: () => string
}

/** Films and clips: what they are called, who may see them, and how far they have come. */
export function createVideos({ db, blobs, queue, newId, cache, live, toCard, ...parts }: VideosParts) {
  const { accounts, clock } = parts
  const store = createVideoStore(db.pick<'video' | 'video_figure'>())
  const libraryStore = createLibraryStore(db)
  const shelf = createShelfStore(db.pick<'video' | 'video_tag' | 'video_figure' | 'video_mark' | 'watch' | 'follow'>())
  const told = createTold({ store, cache, live })
  const recent = createRecentRows(store.find, clock)
  told.onChange(recent.forget)
  const videos = createVideoService({ store, recent, clock, newId, told })
  const removal = createRemoval({ library: libraryStore, blobs, clock, told })
  const cards = createCards({ library: libraryStore, shelf, clock, toCard })
  const library = createLibrary({ ...parts, library: libraryStore, cards, videos, told })
  accounts.closing.keeps({ kind: 'videos', count: libraryStore.count, task: closedKind })
  return {
    ...videos,
    sources: {
      list: store.listWithSource,
      async find(videoId: string): Promise<{ blob: string; sha256: string } | undefined> {
        const row = await store.find(videoId)
        return row?.source_blob && row.source_sha256 ? { blob: row.source_blob, sha256: row.source_sha256 } : undefined
      },
    },
    library: { list: library.list, change: library.change },
    seeUnlocked: library.seeUnlocked,
    seeOften: library.seeOften,
    countOf: libraryStore.count,
    moderating: { takeAway: library.trash.takeAway, hide: library.trash.hide },
    announcing: { due: shelf.unannounced, done: shelf.announced, isOut: told.changed },
    onGone: removal.onGone,
    onChange: told.onChange,
    cards: cards.cards,
    videos: cards.videos,
    told: { changed: told.changed, narrowed: told.narrowed },
    thingOf: (row: VideoRow) => toThing(row, clock.now()),
    audienceOf: cards.audienceOf,
    shelf,
    doors: {
      routes: videoRoutes(library),
      jobs: videoJobs(removal, queue),
      sockets: videoSockets(async (viewer, videoId) => (await videos.find(viewer, videoId)) !== undefined),
    },
  }
}

export type { GrowingSource } from './service.ts'
export type Videos = ReturnType<typeof createVideos>
