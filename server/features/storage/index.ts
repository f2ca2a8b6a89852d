import type { Blobs } from '#server/ports/blobs.ts'
import type { Queue } from '#server/ports/queue.ts'
import { storageJobs } from './jobs.ts'
import { createScrub, type ScrubParts } from './scrub.ts'
import { createStorageService, type StorageParts } from './service.ts'

/** What keeps the store of films and pictures from filling up with what nobody will ever read. */
export function createStorage(parts: ScrubParts & StorageParts & { blobs: Blobs; queue: Pick<Queue, 'add' | 'counts'> }) {
  const service = createStorageService(parts)
  const scrub = createScrub(parts)
  return { ...service, scrub, doors: { jobs: storageJobs({ service, scrub, queue: parts.queue }) } }
}
