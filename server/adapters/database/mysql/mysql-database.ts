import { type CompiledQuery, type DatabaseConnection, type Driver, type Kysely, MysqlAdapter, MysqlQueryCompiler } from 'kysely'
import type { OpenDatabase } from '#server/database/database.ts'
import { Retryable } from '#server/database/errors.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { modelOf } from '#server/database/migrations/migration.ts'
import type { Model } from '#server/database/schema/model.ts'
import type { Tables } from '#server/database/tables.ts'
import type { Log } from '#server/ports/log.ts'
import { createDatabase } from '../create-database.ts'
import type { Ground, Rows } from '../ground.ts'
import { buildingDriver, kyselyOver, noStream, type Parts, plainDriver } from '../kysely-parts.ts'
import { createOwnWrites, type OwnWrites } from '../own-writes.ts'
import { retried } from '../retried.ts'
import { refuseInside } from '../transaction-guard.ts'
import { type KeyNames, keyNames, mysqlError } from './mysql-errors.ts'
import { commitStatements, MysqlTransaction, type WriteContext } from './mysql-transaction.ts'
import { type ReplicaState, ReplicaSet, stalestMs } from './replica-set.ts'
import { ServerPool } from './server-pool.ts'

export type MysqlOptions = {
  /** `mysql://user:password@host:port/name`; `?tls=true` where the line is not one's own. */
  url: string
  replicas: readonly string[]
  /** To each server. */
  connections: number
  maxLagMs: () => number
  log: Log
  /** Reading statements end after so long. */
  readMs?: number
  /** Transactions are broken off after so long. */
  interactiveMs?: number
  /** The tables; errors name their keys. */
  model?: () => Model
}

export type OpenMysqlDatabase = OpenDatabase & {
  /** For `shareOver(bus)`, so that other processes know who has written. */
  readonly ownWrites: OwnWrites
  replicas(): { name: string; state: ReplicaState }[]
}

const readMs = 2000
const writeMs = 10_000
const interactiveMs = 5000
/** A line that is silent for so much longer than the server would be is broken. */
const graceMs = 1000

/** MariaDB or MySQL: one primary, and replicas to read from as long as they keep up. */
export async function openMysqlDatabase(options: MysqlOptions): Promise<OpenMysqlDatabase> {
  const pools = openPools(options)
  const replicas = new ReplicaSet({ ...pools, maxLagMs: options.maxLagMs, log: options.log })
  await replicas.start()
  const ownWrites = createOwnWrites(() => stalestMs(options.maxLagMs()))
  const keys = keyNames(options.model ?? (() => modelOf(migrations)))
  const context: WriteContext = { keys, pool: pools.primary, interactiveMs: options.interactiveMs ?? interactiveMs }

  const askPrimary: Ask = (sql, parameters) => retried(() => ask(pools.reading, sql, parameters, keys))
  const askAny: Ask = async (sql, parameters) => {
    const replica = ownWrites.mustBeFresh() ? undefined : replicas.choose()
    if (!replica) return askPrimary(sql, parameters)
    try {
      return await ask(replica, sql, parameters, keys)
    } catch (error) {
      if (!(error instanceof Retryable)) throw error
      replicas.failed(replica, error.cause)
      return askPrimary(sql, parameters)
    }
  }
  const reading = (from: Ask): Kysely<Tables> =>
    kyselyOver(
      parts,
      plainDriver({
        async executeQuery({ sql, parameters }) {
          refuseInside(ground)
          return { rows: (await from(sql, parameters)) as never[] }
        },
      }),
    )
  const ground: Ground = {
    dialect: { name: 'mysql' },
    read: reading(askAny),
    primary: reading(askPrimary),
    write: kyselyOver(parts, writingDriver(context, ownWrites)),
    build: kyselyOver(parts, buildingDriver),
    ask: (from, sql, parameters) => (from === 'read' ? askAny(sql, parameters) : askPrimary(sql, parameters)),
    async commit(statements) {
      const outcomes = await commitStatements(context, statements)
      await ownWrites.wrote()
      return outcomes
    },
    async close() {
      await replicas.close()
      await Promise.all([pools.reading.close(), pools.primary.close()])
    },
  }
  return Object.assign(createDatabase(ground), { ownWrites, replicas: () => replicas.states() })
}

type Ask = (sql: string, parameters: readonly unknown[]) => Promise<Rows>

const parts: Parts = { adapter: () => new MysqlAdapter(), compiler: () => new MysqlQueryCompiler() }

async function ask(pool: ServerPool, sql: string, parameters: readonly unknown[], keys: KeyNames): Promise<Rows> {
  try {
    return (await pool.run(sql, parameters)).rows
  } catch (error) {
    throw error instanceof Retryable ? error : mysqlError(error, { sql, mayBeDone: false, keys })
  }
}

function openPools(options: MysqlOptions) {
  const forReading = options.readMs ?? readMs
  const open = (url: string, connections: number, isReading: boolean) => {
    const limitMs = isReading ? forReading : writeMs
    const session = [settings(limitMs), `set session transaction isolation level read committed${isReading ? ', read only' : ''}`]
    return new ServerPool({ url, connections, session, silenceMs: limitMs + graceMs })
  }
  const half = Math.max(1, Math.floor(options.connections / 2))
  return {
    primary: open(options.url, Math.max(1, options.connections - half), false),
    reading: open(options.url, half, true),
    replicas: options.replicas.map((url) => ({ name: new URL(url).host, pool: open(url, options.connections, true) })),
  }
}

/** One statement that MariaDB and MySQL each read their way: the limit of time has another name there, and another unit. */
function settings(limitMs: number): string {
  const limit = `/*M! , max_statement_time = ${limitMs / 1000} */ /*!50708 , max_execution_time = ${limitMs} */`
  return `set session time_zone = '+00:00', innodb_lock_wait_timeout = 3, sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION' ${limit}`
}

function writingDriver(context: WriteContext, ownWrites: OwnWrites): Driver {
  const transactionOf = (connection: DatabaseConnection) => {
    if (!(connection instanceof WritingConnection)) throw new TypeError('not a connection of this driver')
    return connection
  }
  return {
    init: async () => {},
    destroy: async () => {},
    acquireConnection: async () => new WritingConnection(context),
    releaseConnection: async () => {},
    beginTransaction: (connection) => transactionOf(connection).begin(),
    async commitTransaction(connection) {
      await transactionOf(connection).commit()
      await ownWrites.wrote()
    },
    rollbackTransaction: (connection) => transactionOf(connection).rollback(),
  }
}

/** One transaction, as the query builder wants to see it. */
class WritingConnection implements DatabaseConnection {
  #context: WriteContext
  #transaction: MysqlTransaction | undefined
  readonly streamQuery = noStream

  constructor(context: WriteContext) {
    this.#context = context
  }

  async begin(): Promise<void> {
    this.#transaction = await MysqlTransaction.begin(this.#context)
  }

  async executeQuery<R>(compiled: CompiledQuery) {
    if (!this.#transaction) throw new Error('the transaction has not begun')
    const { rows, affected } = await this.#transaction.run(compiled)
    return affected === undefined ? { rows: rows as R[] } : { rows: [], numAffectedRows: BigInt(affected) }
  }

  async commit(): Promise<void> {
    await this.#transaction?.commit()
  }

  async rollback(): Promise<void> {
    await this.#transaction?.rollback()
  }
}
