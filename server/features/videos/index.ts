import type { Database } from '#server/database/database.ts'
import type { Clock } from '#server/ports/clock.ts'
import { createVideoService } from './service.ts'
import { createVideoStore } from './store.ts'

/** Films and clips: what they are called, who may see them, and how far they have come. */
export function createVideos({ db, ...parts }: { db: Database<'video'>; clock: Clock; newId: () => string }) {
  return createVideoService({ ...parts, store: createVideoStore(db) })
}
