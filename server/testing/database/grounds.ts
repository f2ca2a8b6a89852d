import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMysqlMigrations } from '#server/adapters/database/mysql/mysql-migrations.ts'
import { openSqliteMigrations } from '#server/adapters/database/sqlite/sqlite-migrations.ts'
import type { MariadbPart } from '../parts/mariadb.ts'

/** An empty SQLite file, gone when it is disposed of. */
export async function sqliteGround() {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-ground-'))
  const path = join(folder, 'matinee.db')
  return {
    path,
    async open() {
      const engine = openSqliteMigrations(path)
      return { ...engine, [Symbol.asyncDispose]: async () => engine[Symbol.dispose]() }
    },
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
  }
}

let count = 0

/** An empty database of a MariaDB. */
export async function mysqlGround(mariadb: MariadbPart) {
  const name = `matinee_${process.pid}_${++count}`
  await mariadb.root(`create database ${name} character set utf8mb4 collate utf8mb4_bin`)
  const url = new URL(name, mariadb.url).href
  return {
    name,
    url,
    open: () => openMysqlMigrations(url),
    async [Symbol.asyncDispose]() {
      await mariadb.root(`drop database ${name}`)
    },
  }
}
