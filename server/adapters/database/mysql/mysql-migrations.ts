import { createConnection, type Connection, type QueryError } from 'mysql2'
import type { DataEngine } from '#server/database/backup/engine.ts'
import { addressOf } from './address.ts'
import { mysqlParameter } from './mysql-parameters.ts'

/** Table, column and key that stand already; key, column and table that are gone. */
const doneAlready = new Set([1050, 1060, 1061, 1091, 1051, 1054])

/** The engine for migrations, backups and restoring on the primary: one connection, and a lock of the server's that ends with it. */
export async function openMysqlMigrations(url: string, options: { waitMs?: number } = {}): Promise<DataEngine & AsyncDisposable> {
  const address = addressOf(url)
  const connection = createConnection({
    ...address,
    charset: 'UTF8MB4_BIN',
    connectTimeout: 5000,
    supportBigNumbers: true,
    decimalNumbers: true,
  })
  connection.on('error', () => undefined) // whoever asks next hears of it
  const ask = (sql: string, parameters: readonly unknown[] = []) => answer(connection, sql, parameters)
  await ask(`set session time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'`)
  return {
    dialect: 'mysql',
    all: async (sql, parameters) => rowsOf(await ask(sql, parameters)),
    async run(sql, parameters) {
      const result = await ask(sql, parameters)
      return { rows: Array.isArray(result) ? result.length : Number((result as { affectedRows?: number }).affectedRows ?? 0) }
    },
    async atomically(work) {
      await ask('start transaction')
      try {
        const result = await work()
        await ask('commit')
        return result
      } catch (error) {
        await ask('rollback').catch(() => undefined)
        throw error
      }
    },
    async alone(work) {
      const name = `matinee.migrate.${address.database}`.slice(0, 64)
      const [row] = rowsOf(await ask('select get_lock(?, ?) as held', [name, (options.waitMs ?? 600_000) / 1000]))
      if (Number(row?.held) !== 1) throw new Error('another process migrates, and does not come to an end')
      try {
        return await work()
      } finally {
        await ask('select release_lock(?)', [name]).catch(() => undefined)
      }
    },
    async snapshot(work) {
      await ask('set session transaction isolation level repeatable read')
      await ask('start transaction with consistent snapshot, read only')
      try {
        return await work()
      } finally {
        await ask('rollback').catch(() => undefined)
      }
    },
    tables: async () =>
      rowsOf(await ask('select table_name as name from information_schema.tables where table_schema = database()')).map(({ name }) =>
        String(name),
      ),
    async inAnyOrder(work) {
      await ask('set session foreign_key_checks = 0')
      try {
        return await work()
      } finally {
        await ask('set session foreign_key_checks = 1').catch(() => undefined)
      }
    },
    isDoneAlready: (error) => error instanceof Error && 'errno' in error && doneAlready.has(Number(error.errno)),
    async [Symbol.asyncDispose]() {
      connection.destroy()
    },
  }
}

function answer(connection: Connection, sql: string, parameters: readonly unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const heard = (error: QueryError | null, result: unknown) => (error ? reject(error) : resolve(result))
    if (parameters.length === 0) connection.query(sql, heard)
    else connection.execute(sql, parameters.map(mysqlParameter), heard)
  })
}

function rowsOf(result: unknown): Record<string, unknown>[] {
  return Array.isArray(result) ? (result as Record<string, unknown>[]) : []
}
