import { type DatabaseConnection, type Driver, SqliteAdapter, SqliteQueryCompiler } from 'kysely'
import type { OpenDatabase } from '#server/database/database.ts'
import { createDatabase } from '../create-database.ts'
import type { CompiledStatement } from '../ground.ts'
import { buildingDriver, kyselyOver, noStream, type Parts, plainDriver } from '../kysely-parts.ts'
import { refuseInside } from '../transaction-guard.ts'
import type { CommitAnswer, QueryAnswer, SentStatement } from './messages.ts'
import { bindable } from '../bindable.ts'
import { SqliteReader } from './sqlite-reader.ts'
import { ThreadClient } from './thread-client.ts'

export type SqliteOptions = {
  path: string
  /** The file grows no further. */
  maxPages?: number
  /** Transactions are broken off after so long. */
  interactiveMs?: number
}

/** SQLite: one thread writes, and commits that meet share one sync; reading goes on beside it. */
export function openSqliteDatabase({ path, maxPages, interactiveMs }: SqliteOptions): OpenDatabase {
  const writer = new ThreadClient({ kind: 'writer', path, maxPages, interactiveMs })
  writer.start()
  const reader = new SqliteReader(path)
  const ask = async (sql: string, parameters: readonly unknown[]) => reader.read(sql, parameters.map(bindable))
  const reading = kyselyOver(
    parts,
    plainDriver({
      async executeQuery({ sql, parameters }) {
        refuseInside(ground)
        return { rows: (await ask(sql, parameters)) as never[] }
      },
    }),
  )
  const ground = {
    dialect: { name: 'sqlite' as const },
    read: reading,
    primary: reading, // what is committed is seen at once
    write: kyselyOver(parts, writingDriver(writer)),
    build: kyselyOver(parts, buildingDriver),
    ask: (_: 'read' | 'primary', sql: string, parameters: readonly unknown[]) => ask(sql, parameters),
    async commit(statements: readonly CompiledStatement[]) {
      const affected = await writer.ask<CommitAnswer>(['commit', writer.nextId(), statements.map(sent)])
      return affected.map((rows) => ({ rows }))
    },
    async close() {
      await reader.close()
      await writer.close() // last, so that it is the writer who checkpoints
    },
  }
  return createDatabase(ground)
}

const parts: Parts = {
  // The writer has its own order: the builder need not queue connections.
  adapter: () => Object.defineProperty(new SqliteAdapter(), 'supportsMultipleConnections', { value: true }),
  compiler: () => new SqliteQueryCompiler(),
}

function sent({ compiled, rows }: CompiledStatement): SentStatement {
  return [compiled.sql, compiled.parameters.map(bindable), rows ?? -1]
}

function writingDriver(writer: ThreadClient): Driver {
  const transactionOf = (connection: DatabaseConnection) => {
    if (!(connection instanceof WritingConnection)) throw new TypeError('not a connection of this driver')
    return connection
  }
  return {
    init: async () => {},
    destroy: async () => {},
    acquireConnection: async () => new WritingConnection(writer),
    releaseConnection: async () => {},
    beginTransaction: async () => {}, // begins with its first statement
    commitTransaction: (connection) => transactionOf(connection).end(true),
    rollbackTransaction: (connection) => transactionOf(connection).end(false),
  }
}

/** One transaction. */
class WritingConnection implements DatabaseConnection {
  #writer: ThreadClient
  #number: number
  #state: 'new' | 'begun' | 'ended' = 'new'
  readonly streamQuery = noStream

  constructor(writer: ThreadClient) {
    this.#writer = writer
    this.#number = writer.nextId()
  }

  async executeQuery<R>({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) {
    const bound = parameters.map(bindable)
    this.#state = 'begun'
    const { rows, affected } = await this.#writer.ask<QueryAnswer>(['query', this.#writer.nextId(), this.#number, sql, bound])
    return affected === undefined ? { rows: rows as R[] } : { rows: [], numAffectedRows: BigInt(affected) }
  }

  async end(keep: boolean): Promise<void> {
    if (this.#state !== 'begun') return
    this.#state = 'ended'
    const ended = this.#writer.ask(['end', this.#writer.nextId(), this.#number, keep])
    await (keep ? ended : ended.catch(() => undefined)) // what could not be undone was never done
  }
}
