import { existsSync } from 'node:fs'
import type { Config } from '#server/config/keys.ts'
import { pathsOf } from '#server/config/load.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { type MigrationEngine, pendingMigrations } from '#server/database/migrations/migrate.ts'
import { engineOf } from '../ground/database.ts'
import { aheadOf, causeOf, type Sight } from './sight.ts'

export const lookAtRows = (config: Config): Promise<Omit<Sight, 'part'>> =>
  engineOf(config) === 'sqlite' ? lookAtFile(pathsOf(config).database) : lookAtServers(config)

async function lookAtFile(path: string): Promise<Omit<Sight, 'part'>> {
  const version = `SQLite ${process.versions.sqlite ?? ''}`
  if (!existsSync(path)) return { state: 'fine', text: `${version}; ${path} will be made at the first start` }
  const { openSqliteMigrations } = await import('#server/adapters/database/sqlite/sqlite-migrations.ts')
  const verdict = await checkFile(path, openSqliteMigrations)
  if (verdict !== 'ok') return { state: 'wrong', text: `${path} is damaged (${verdict}): restore the last backup (matinee restore).` }
  using engine = openSqliteMigrations(path)
  return { state: 'fine', text: `${version}; ${path} is whole${await toDo(engine)}` }
}

async function checkFile(path: string, open: (path: string) => MigrationEngine & Disposable): Promise<string> {
  try {
    using engine = open(path)
    const [row] = await engine.all('pragma quick_check(1)')
    return String(Object.values(row ?? {})[0])
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function lookAtServers({ database }: Config): Promise<Omit<Sight, 'part'>> {
  const primary = await lookAtServer('database.url', database.url)
  const replicas = await Promise.all(database.replicas.map((url) => lookAtServer('database.replicas', url)))
  const text = [primary.text, ...replicas.map((replica) => `replica ${replica.text}`)].join('; ')
  return { state: 'fine', text, aheadMs: primary.aheadMs }
}

async function lookAtServer(key: string, url: string): Promise<{ text: string; aheadMs: number }> {
  const { openMysqlMigrations } = await import('#server/adapters/database/mysql/mysql-migrations.ts')
  try {
    await using engine = await openMysqlMigrations(url)
    const [row] = await engine.all('select version() as version')
    const aheadMs = await aheadOf(async () => Number((await engine.all('select unix_timestamp(now(3)) * 1000 as ms'))[0]?.ms))
    const todo = key === 'database.url' ? await toDo(engine) : ''
    return { text: `${new URL(url).host} ${String(row?.version)}${todo}`, aheadMs }
  } catch (error) {
    throw new Error(`${new URL(url).host}: ${remedy(key, url, error)}`, { cause: error })
  }
}

const refusals = ['ER_ACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR', 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR', 'ER_HOST_NOT_PRIVILEGED']

function remedy(key: string, url: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  if (refusals.includes(code)) return `refuses the user or the password of ${key}: mend them, or grant that user all on ${name}.`
  if (code === 'ER_BAD_DB_ERROR') return `has no database ${name}: create database ${name} character set utf8mb4 collate utf8mb4_bin;`
  const line = causeOf(error)
  if (line !== '' || code === 'ETIMEDOUT') return `does not answer (${line || code}): start it, let this machine reach it, or mend ${key}.`
  return error instanceof Error ? error.message : String(error)
}

/** A newer schema, or one that was changed by hand, throws its own sentence. */
async function toDo(engine: MigrationEngine): Promise<string> {
  const pending = await pendingMigrations(engine, { migrations })
  return pending.length === 0 ? '' : `; the next start brings its tables to this version (${pending.length} steps)`
}
