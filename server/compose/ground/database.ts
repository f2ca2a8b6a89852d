import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Config } from '#server/config/keys.ts'
import type { Database } from '#server/database/database.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Log } from '#server/ports/log.ts'

type Parts = { config: () => Config; path: string; clock: Clock; log: Log }

export type Rows = {
  db: Database
  /** Tells other processes who has written, where reading goes to replicas. */
  shareOver(bus: Bus): Promise<void>
} & AsyncDisposable

/** The rows, their tables brought to the shape that this program knows. */
export async function openRows(parts: Parts): Promise<Rows> {
  const { url } = parts.config().database
  return url === '' || url.startsWith('sqlite:') ? await openSqlite(parts) : await openMysql(parts)
}

async function openMysql({ config, log }: Parts): Promise<Rows> {
  const { url, replicas, connections } = config().database
  const { openMysqlMigrations } = await import('#server/adapters/database/mysql/mysql-migrations.ts')
  {
    await using engine = await openMysqlMigrations(url)
    report(await migrate(engine, { migrations, began: began(log) }), log)
  }
  const { openMysqlDatabase } = await import('#server/adapters/database/mysql/mysql-database.ts')
  const db = await openMysqlDatabase({ url, replicas, connections, maxLagMs: () => config().database.maxLag, log })
  return { db, shareOver: (bus) => db.ownWrites.shareOver(bus), [Symbol.asyncDispose]: () => db.close() }
}

const began = (log: Log) => (name: string) => log.info('database.migrating', { name })

function report({ ran, backup }: { ran: string[]; backup: string | undefined }, log: Log): void {
  if (ran.length > 0) log.info('database.migrated', { ran, backup })
}

async function openSqlite({ path, log }: Parts): Promise<Rows> {
  await mkdir(dirname(path), { recursive: true })
  const { openSqliteMigrations } = await import('#server/adapters/database/sqlite/sqlite-migrations.ts')
  {
    using engine = openSqliteMigrations(path)
    report(await migrate(engine, { migrations, began: began(log) }), log)
  }
  const { openSqliteDatabase } = await import('#server/adapters/database/sqlite/sqlite-database.ts')
  const db = openSqliteDatabase({ path })
  return { db, shareOver: async () => {}, [Symbol.asyncDispose]: () => db.close() }
}
