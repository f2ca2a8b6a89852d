import type { Database } from '#server/database/database.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Queue } from '#server/ports/queue.ts'
import type { Accounts } from '../accounts/index.ts'
import { videoJobs } from './jobs.ts'
import { createLibrary, type LibraryParts } from './library.ts'
import { closedKind, createLibraryStore } from './library-store.ts'
import { createRemoval } from './removal.ts'
import { videoRoutes } from './routes.ts'
import { createVideoService } from './service.ts'
import { createVideoStore } from './store.ts'

export type VideosParts = Omit<LibraryParts, 'accounts'> & {
  db: Database<'video' | 'video_tag' | 'account'>
  accounts: Pick<Accounts, 'profiles' | 'closing'>
  blobs: Blobs
  queue: Pick<Queue, 'add' | 'counts'>
  clock: Clock
  newId: () => string
}

/** Films and clips: what they are called, who may see them, and how far they have come. */
export function createVideos({ db, blobs, queue, newId, ...parts }: VideosParts) {
  const { accounts, clock } = parts
  const store = createVideoStore(db.pick<'video'>())
  const libraryStore = createLibraryStore(db)
  const videos = createVideoService({ store, clock, newId })
  const removal = createRemoval({ library: libraryStore, blobs, clock })
  const library = createLibrary({ ...parts, library: libraryStore, videos })
  accounts.closing.keeps({ kind: 'videos', count: libraryStore.count, task: closedKind })
  return {
    ...videos,
    seeUnlocked: library.seeUnlocked,
    onGone: removal.onGone,
    doors: { routes: videoRoutes(library), jobs: videoJobs(removal, queue) },
  }
}

export type Videos = ReturnType<typeof createVideos>
