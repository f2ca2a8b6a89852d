import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Config } from '#server/config/keys.ts'
import type { Database } from '#server/database/database.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'

type Parts = { config: () => Config; path: string; clock: Clock; log: Log }

export type Rows = { db: Database } & AsyncDisposable

/** The rows, their tables brought to the shape that this program knows. */
export async function openRows(parts: Parts): Promise<Rows> {
  return await openSqlite(parts)
}

async function openSqlite({ path, log }: Parts): Promise<Rows> {
  await mkdir(dirname(path), { recursive: true })
  const { openSqliteMigrations } = await import('#server/adapters/database/sqlite/sqlite-migrations.ts')
  {
    using engine = openSqliteMigrations(path)
    const { ran, backup } = await migrate(engine, { migrations, began: (name) => log.info('database.migrating', { name }) })
    if (ran.length > 0) log.info('database.migrated', { ran, backup })
  }
  const { openSqliteDatabase } = await import('#server/adapters/database/sqlite/sqlite-database.ts')
  const db = openSqliteDatabase({ path })
  return { db, [Symbol.asyncDispose]: () => db.close() }
}
