import type { Database } from '#server/database/database.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Queue } from '#server/ports/queue.ts'
import { LeaseQueue, type QueuePace } from './leases.ts'
import { SqliteBackend } from './sqlite-backend.ts'

export type SqliteQueueParts = {
  db: Database<'task' | 'task_setting' | 'task_fence'>
  clock: Clock
  /** Of this process, for people. */
  name: string
  pace?: Partial<QueuePace>
}

/** The queue of a Matinee without Redis: a table of leases. Closing it leaves the database open. */
export function createSqliteQueue({ db, clock, name, pace }: SqliteQueueParts): Queue {
  return new LeaseQueue({ open: () => new SqliteBackend(db, clock, name), clock, ...(pace ? { pace } : {}) })
}
