import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ReplicaState } from '#server/adapters/database/mysql/replica-set.ts'
import type { Config } from '#server/config/keys.ts'
import { pathsOf } from '#server/config/load.ts'
import type { Database } from '#server/database/database.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { type MigrateReport, migrate } from '#server/database/migrations/migrate.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Log } from '#server/ports/log.ts'

export type Rows = {
  db: Database
  /** Tells other processes who has written, where reading goes to replicas. */
  shareOver(bus: Bus): Promise<void>
  /** Those that may be read from, and how each is. */
  replicas(): { name: string; state: ReplicaState }[]
} & AsyncDisposable

export const engineOf = ({ database: { url } }: Config): 'sqlite' | 'mysql' =>
  url === '' || url.startsWith('sqlite:') ? 'sqlite' : 'mysql'
const isSqlite = (config: Config) => engineOf(config) === 'sqlite'

/** The rows, their tables brought to the shape that this program knows. */
export async function openRows({ config, log }: { config: () => Config; log: Log }): Promise<Rows> {
  // The tables of a first start are nobody's news; a change of those that hold something is.
  const { ran, backup, isNew } = await migrateRows(config(), (name, { isNew }) =>
    log[isNew ? 'debug' : 'info']('database.migrating', { name }),
  )
  if (ran.length > 0) log[isNew ? 'debug' : 'info']('database.migrated', { ran, backup })
  return isSqlite(config()) ? await openSqlite(config()) : await openMysql(config, log)
}

export async function migrateRows(config: Config, began: NonNullable<Parameters<typeof migrate>[1]['began']>): Promise<MigrateReport> {
  if (!isSqlite(config)) {
    const { openMysqlMigrations } = await import('#server/adapters/database/mysql/mysql-migrations.ts')
    await using engine = await openMysqlMigrations(config.database.url)
    return await migrate(engine, { migrations, began })
  }
  const path = pathsOf(config).database
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // What everybody wrote is for nobody else on this machine; SQLite gives its other files the same rights.
  await (await open(path, 'a', 0o600)).close()
  const { openSqliteMigrations } = await import('#server/adapters/database/sqlite/sqlite-migrations.ts')
  using engine = openSqliteMigrations(path)
  return await migrate(engine, { migrations, began })
}

async function openSqlite(config: Config): Promise<Rows> {
  const { openSqliteDatabase } = await import('#server/adapters/database/sqlite/sqlite-database.ts')
  const db = openSqliteDatabase({ path: pathsOf(config).database })
  return { db, shareOver: async () => {}, replicas: () => [], [Symbol.asyncDispose]: () => db.close() }
}

async function openMysql(config: () => Config, log: Log): Promise<Rows> {
  const { url, replicas, connections } = config().database
  const { openMysqlDatabase } = await import('#server/adapters/database/mysql/mysql-database.ts')
  const db = await openMysqlDatabase({ url, replicas, connections, maxLagMs: () => config().database.maxLag, log })
  return { db, shareOver: (bus) => db.ownWrites.shareOver(bus), replicas: () => db.replicas(), [Symbol.asyncDispose]: () => db.close() }
}
