import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openSqliteDatabase } from '#server/adapters/database/sqlite/sqlite-database.ts'
import { openSqliteMigrations } from '#server/adapters/database/sqlite/sqlite-migrations.ts'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import type { OpenDatabase } from '#server/database/database.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import type { QueueGround } from '#server/testing/queue-ground.ts'
import { queueContract } from './queue.contract.ts'
import { SqliteBackend } from './sqlite-backend.ts'
import { createSqliteQueue } from './sqlite-queue.ts'

const folder = mkdtempSync(join(tmpdir(), 'matinee-queue-'))
const path = join(folder, 'matinee.db')
let db: OpenDatabase

beforeAll(async () => {
  using engine = openSqliteMigrations(path)
  await migrate(engine, { migrations })
  db = openSqliteDatabase({ path })
})

afterAll(async () => {
  await db.close()
  rmSync(folder, { recursive: true })
})

queueContract(
  'SQLite',
  (): QueueGround => ({
    open: async ({ clock = systemClock, pace } = {}) => createSqliteQueue({ db, clock, name: 'test', ...(pace ? { pace } : {}) }),
    openBackend: async () => new SqliteBackend(db, systemClock, 'bare'),
    childArgs: ['sqlite', path],
    async [Symbol.asyncDispose]() {},
  }),
)
