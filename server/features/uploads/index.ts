import type { Database } from '#server/database/database.ts'
import { uploadRoutes } from './routes.ts'
import { createUploadService, type UploadServiceParts } from './service.ts'
import { createUploadStore } from './store.ts'

/** Large files, in blocks, from anybody whom a business server lets: whole and true, or not at all. */
export function createUploads({ db, ...parts }: { db: Database<'upload_task'> } & Omit<UploadServiceParts, 'store'>) {
  const service = createUploadService({ ...parts, store: createUploadStore(db) })
  return { start: service.start, doors: { routes: uploadRoutes(service) } }
}
