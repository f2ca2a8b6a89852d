import type { Database } from '#server/database/database.ts'
import type { AdminParts } from './parts.ts'
import { adminRoutes } from './routes.ts'
import { createAdminSeed } from './seed.ts'
import { createAdminService } from './service.ts'
import { type AdminTables, createAdminStore } from './store.ts'

export type { TaskDesk } from './task-desk.ts'

/** What admins see and do: people, invitations, settings, tasks, figures, and the log of it all. */
export function createAdmin({ db, ...parts }: Omit<AdminParts, 'store'> & { db: Database<AdminTables> }) {
  const service = createAdminService({ ...parts, store: createAdminStore(db) })
  return { ...service, seed: createAdminSeed(service), doors: { routes: adminRoutes(service) } }
}

export type Admin = ReturnType<typeof createAdmin>
