import { afterAll, beforeAll } from 'vitest'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import type { QueueGround } from '#server/testing/queue-ground.ts'
import { openTaskDatabase, type TaskDatabase } from '#server/testing/task-database.ts'
import { queueContract } from './queue.contract.ts'
import { queueFaultsContract } from './queue-faults.contract.ts'
import { queueShufflesContract } from './queue-shuffles.contract.ts'
import { SqliteBackend } from './sqlite-backend.ts'
import { createSqliteQueue } from './sqlite-queue.ts'

let database: TaskDatabase

beforeAll(async () => {
  database = await openTaskDatabase()
})

afterAll(() => database[Symbol.asyncDispose]())

const ground = (): QueueGround => ({
  open: async ({ clock = systemClock, pace } = {}) =>
    createSqliteQueue({ db: database.db, clock, name: 'test', ...(pace ? { pace } : {}) }),
  openBackend: async ({ clock = systemClock } = {}) => new SqliteBackend(database.db, clock, 'bare'),
  childArgs: ['sqlite', database.path],
})

queueContract('SQLite', ground)
queueFaultsContract('SQLite', ground)
queueShufflesContract('SQLite', ground)
