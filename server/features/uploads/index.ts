import type { Database } from '#server/database/database.ts'
import { createOwnServer, openOwn, type OwnParts } from './own.ts'
import { ownRoutes, uploadRoutes } from './routes.ts'
import { simpleRoutes } from './simple-routes.ts'
import { createSimple } from './simple.ts'
import { createUploadService, type UploadServiceParts } from './service.ts'
import { createUploadStore } from './store.ts'

/** Large files, in blocks, from anybody whom a business server lets: whole and true, or not at all. */
export function createUploads({
  db,
  ...parts
}: { db: Database<'upload_task'> } & Omit<UploadServiceParts, 'store'> & OwnParts & { simpleLimitBytes(): number }) {
  const own = createOwnServer(parts)
  const business = () => [own, ...parts.business()]
  const service = createUploadService({ ...parts, business, store: createUploadStore(db) })
  const open = (asked: Record<string, unknown>) => service.openTask({ ...asked, token: own.token })
  const routes = [
    ...uploadRoutes(service),
    ...ownRoutes(service, (viewer, file) => openOwn(parts, { viewer, file, open })),
    ...simpleRoutes(createSimple({ ...parts, open, limitBytes: parts.simpleLimitBytes }, service), parts.simpleLimitBytes),
  ]
  return { start: service.start, doors: { routes } }
}
