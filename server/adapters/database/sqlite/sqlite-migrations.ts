import { chmodSync, existsSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import type { DataEngine } from '#server/database/backup/engine.ts'
import { openFile } from './file.ts'
import { bindable } from '../bindable.ts'

/** The engine for migrations, backups and restoring on a file. */
export function openSqliteMigrations(path: string, options: { waitMs?: number } = {}): DataEngine & Disposable {
  const db = openFile(path)
  const all = (sql: string, parameters: readonly unknown[]) => db.prepare(sql).all(...bound(parameters))
  return {
    dialect: 'sqlite',
    all: async (sql, parameters = []) => all(sql, parameters),
    async run(sql, parameters = []) {
      const statement = db.prepare(sql)
      statement.setReadBigInts(true) // the last row's number may be larger than a number can be
      return { rows: Number(statement.run(...bound(parameters)).changes) }
    },
    async atomically(work) {
      db.exec('begin immediate')
      try {
        const result = await work()
        db.exec('commit')
        return result
      } catch (error) {
        if (db.isTransaction) db.exec('rollback')
        throw error
      }
    },
    async alone(work) {
      using _ = await takeTurn(`${path}-migrating`, options.waitMs ?? 600_000)
      return work()
    },
    async snapshot(work) {
      db.exec('begin')
      db.prepare('select count(*) from sqlite_schema').get() // the moment is that of the first reading
      try {
        return await work()
      } finally {
        db.exec('rollback')
      }
    },
    tables: async () =>
      all(`select name from sqlite_schema where type = 'table' and name not like 'sqlite!_%' escape '!'`, []).map(({ name }) =>
        String(name),
      ),
    async inAnyOrder(work) {
      db.exec('pragma foreign_keys = off')
      try {
        const result = await work()
        const [broken] = all('pragma foreign_key_check', [])
        if (broken) throw new Error(`rows of ${String(broken.table)} point at others that are not there`)
        return result
      } finally {
        db.exec('pragma foreign_keys = on')
      }
    },
    isDoneAlready: (error) =>
      error instanceof Error && /already exists|duplicate column name|no such (table|index|column)/.test(error.message),
    async backup() {
      const copy = freeName(path, 'before-migration')
      db.prepare('vacuum into ?').run(copy)
      chmodSync(copy, 0o600)
      return copy
    },
    [Symbol.dispose]: () => db.close(),
  }
}

function bound(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map(bindable)
}

/** The lock of another SQLite file: the system takes it back when the process dies, however it dies. */
export async function takeTurn(path: string, waitMs: number): Promise<Disposable> {
  const lock = new DatabaseSync(path, { timeout: 0 })
  const until = Date.now() + waitMs
  for (;;) {
    try {
      lock.exec('begin exclusive')
      return { [Symbol.dispose]: () => lock.close() }
    } catch (error) {
      if (Date.now() > until || !(error instanceof Error && /locked|busy/.test(error.message))) {
        lock.close()
        throw error
      }
    }
    await wait(50)
  }
}

/** A name beside the file for what it was before something. */
export function freeName(path: string, before: string): string {
  const day = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  for (let n = 0; ; n++) {
    const name = `${path}.${before}.${day}${n === 0 ? '' : `.${n}`}`
    if (!existsSync(name)) return name
  }
}
