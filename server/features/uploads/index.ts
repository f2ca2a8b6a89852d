import type { Database } from '#server/database/database.ts'
import { deskRoutes } from './desk-routes.ts'
import type { ReadKnown } from './finish.ts'
import { closedKind, uploadJobs } from './jobs.ts'
import { createKnown } from './known.ts'
import { knownRoutes } from './known-routes.ts'
import type { Asked, Manner } from './open-task.ts'
import { isLeavingBy } from './leaving.ts'
import { createOwnServer, listOwn, openOwn, type OwnParts, taskOfBlob } from './own.ts'
import { ownRoutes, uploadRoutes } from './routes.ts'
import { simpleRoutes } from './simple-routes.ts'
import { createSimple } from './simple.ts'
import { createUploadService, type UploadServiceParts } from './service.ts'
import { uploadSockets } from './sockets.ts'
import { createUploadStore } from './store.ts'
import { createTusDoor } from './tus-door.ts'
import { tusRoutes } from './tus-routes.ts'

/** Large files, in blocks, from anybody whom a business server lets: whole and true, or not at all. */
export function createUploads({
  db,
  ...parts
}: { db: Database<'upload_task'> } & Omit<UploadServiceParts, 'store'> & OwnParts & { simpleLimitBytes(): number }) {
  const store = createUploadStore(db)
  const own = createOwnServer({ ...parts, store })
  const business = () => [own, ...parts.business()]
  const readKnown: ReadKnown = (name, signal) => parts.blobs.read(name, { signal })
  const service = createUploadService({ ...parts, business, store, readKnown })
  const known = createKnown({ ...parts, store, own: own.name, bring: service.bringKnown })
  const open = (asked: Asked, manner?: Manner) => service.openTask({ ...asked, token: own.token }, manner)
  const routes = [
    ...uploadRoutes(service),
    ...ownRoutes(service, {
      open: (viewer, file) => openOwn(parts, { viewer, file, open }),
      list: (viewer) => listOwn(viewer, (userId) => service.listUnfinished(own.name, userId)),
    }),
    ...knownRoutes(known),
    ...deskRoutes(service.desk),
    ...tusRoutes(service, createTusDoor({ ...parts, open }, service)),
    ...simpleRoutes(createSimple({ ...parts, open, limitBytes: parts.simpleLimitBytes }, service), parts.simpleLimitBytes),
  ]
  const jobs = uploadJobs({ store, service, server: own.name })
  return {
    start: service.start,
    /** Whether what was begun in a distant store will yet become a film. */
    async isLeaving({ name, upload }: { name: string; upload: string }): Promise<boolean> {
      const id = taskOfBlob(name)
      const row = id === undefined ? undefined : await store.find(id)
      return row !== undefined && isLeavingBy(row, upload)
    },
    closedKind,
    doors: { routes, sockets: uploadSockets, jobs },
  }
}
