import type { Database } from '#server/database/database.ts'
import { sessionJobs } from './jobs.ts'
import { sessionRoutes } from './routes.ts'
import { openSessionService, type SessionParts } from './service.ts'
import { createSessionStore, type SessionTables } from './store.ts'

export { deviceNameOf } from './device.ts'
export type { Authenticate, SessionSettings, Shown } from './authenticate.ts'
export type { Recall } from './recall.ts'
export type { Ended } from './service.ts'

/** Who is here now. To be closed: what was used lately is then written. */
export async function openSessions(parts: Omit<SessionParts, 'store'> & { db: Database<SessionTables> }) {
  const service = await openSessionService({ ...parts, store: createSessionStore(parts.db) })
  return { ...service, doors: { routes: sessionRoutes(service), jobs: sessionJobs(service) } }
}

export type Sessions = Awaited<ReturnType<typeof openSessions>>
