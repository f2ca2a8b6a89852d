import { existsSync } from 'node:fs'
import type { Config } from '#server/config/keys.ts'
import { pathsOf } from '#server/config/load.ts'
import type { DataEngine } from '#server/database/backup/engine.ts'
import { Refused } from './refused.ts'

export const isSqlite = ({ database: { url } }: Config): boolean => url === '' || url.startsWith('sqlite:')

/** The rows of a house that stands, for copying them: beside a program that runs, if there is one. */
export async function openRowsToRead(config: Config): Promise<DataEngine & AsyncDisposable> {
  if (!isSqlite(config)) return openServer(config)
  const { database } = pathsOf(config)
  if (!existsSync(database))
    throw new Refused(`There is nothing to back up: ${database} does not exist. Is --data or --config another one?`)
  const { openSqliteMigrations } = await import('#server/adapters/database/sqlite/sqlite-migrations.ts')
  const engine = openSqliteMigrations(database)
  return { ...engine, [Symbol.asyncDispose]: async () => engine[Symbol.dispose]() }
}

export async function openServer(config: Config): Promise<DataEngine & AsyncDisposable> {
  const { openMysqlMigrations } = await import('#server/adapters/database/mysql/mysql-migrations.ts')
  return openMysqlMigrations(config.database.url)
}
