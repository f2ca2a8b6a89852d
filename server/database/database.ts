import type { Compilable, Kysely, Transaction } from 'kysely'
import type { Dialect } from './dialect.ts'
import type { Tables } from './tables.ts'

/**
 * The rows, narrowed to the tables that a feature may name. Two grounds: SQLite and MariaDB/MySQL.
 * The SQL that both understand alike is a subset: see docs/decisions/sql-subset.md.
 */
export interface Database<K extends keyof Tables = keyof Tables> {
  /** For showing. May be a replica, some moments old; one's own writes are seen all the same. */
  readonly read: Reader<Pick<Tables, K>>
  /** For deciding: always the newest rows. */
  readonly primary: Reader<Pick<Tables, K>>
  /**
   * Interactive: retried as a whole when the database says so, hence `work` must be repeatable. Durable when it resolves.
   * Inside, only `trx` may be used; `db` throws.
   */
  transaction<R>(work: (trx: Transaction<Pick<Tables, K>>) => Promise<R>): Promise<R>
  /**
   * Statements known beforehand, all or none, as one message to the database: the fast way. `rows` is what must be affected, else
   * everything is undone and `Unexpected` is thrown. Durable when it resolves.
   */
  commit(statements: readonly Statement[]): Promise<Outcome[]>
  /** Makes statements for `commit`, without running them. */
  readonly build: Builder<Pick<Tables, K>>
  readonly dialect: Dialect
  /** The same database, naming fewer tables. */
  pick<N extends K>(): Database<N>
}

export type Reader<T> = Pick<Kysely<T>, 'selectFrom' | 'with' | 'withRecursive' | 'fn' | 'dynamic'>
export type Statement = Compilable | { query: Compilable; rows: number }
export type Outcome = { rows: number }

export type Builder<T> = Pick<Kysely<T>, 'selectFrom' | 'insertInto' | 'updateTable' | 'deleteFrom' | 'with' | 'fn' | 'dynamic'>
