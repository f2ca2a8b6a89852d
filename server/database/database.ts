import type { Compilable, Kysely, Transaction } from 'kysely'
import type { Dialect } from './dialect.ts'
import type { Tables } from './tables.ts'

/**
 * The rows, narrowed to the tables that a feature may name. Two grounds: SQLite and MariaDB/MySQL.
 * The SQL that both understand alike is a subset: see docs/decisions/sql-subset.md.
 *
 * Throws `Duplicate`, `BrokenReference` and `Unexpected`, which a store may await, and `Retryable`, `OutcomeUnknown`, `DatabaseFull` and
 * `TooSlow`, which are problems that the caller hears of as they are.
 */
export type Database<K extends keyof Tables = keyof Tables> = DatabaseOf<Pick<Tables, K>>

/** The same over any tables. */
export interface DatabaseOf<T> {
  /** For showing. May be a replica, some moments old; one's own writes are seen all the same. */
  readonly read: Reader<T>
  /** For deciding: always the newest rows. */
  readonly primary: Reader<T>
  /**
   * Interactive: retried as a whole when the database says so, hence `work` must be repeatable. Durable when it resolves.
   * Inside, only `trx` may be used; `db` throws. Short: nothing is awaited in it but `trx`, and after five seconds it is broken off.
   */
  transaction<R>(work: (trx: Transaction<T>) => Promise<R>): Promise<R>
  /**
   * Statements known beforehand, all or none, as one message to the database: the fast way. `rows` is what must be affected, else
   * everything is undone and `Unexpected` is thrown. Durable when it resolves.
   */
  commit(statements: readonly Statement[]): Promise<Outcome[]>
  /** Makes statements for `commit`, without running them. */
  readonly build: Builder<T>
  /**
   * A query that is asked very often: built once, afterwards ten times as cheap as building it each time. Every value is one parameter:
   * lists of changing length have to be built each time.
   */
  prepareRead<V extends Values, R>(
    build: (from: Reader<T>, value: V) => Compilable<R>,
    options?: { from: 'read' | 'primary' },
  ): (values: V) => Promise<R[]>
  /** The same for a statement that goes to `commit`. */
  prepareWrite<V extends Values>(build: (to: Builder<T>, value: V) => Compilable): (values: V) => Compilable
  readonly dialect: Dialect
  /** The same database, naming fewer tables. */
  pick<N extends keyof T>(): DatabaseOf<Pick<T, N>>
}

/** Who opened it closes it. */
export type OpenDatabase<T = Tables> = DatabaseOf<T> & { close(): Promise<void> }

export type Reader<T> = Pick<Kysely<T>, 'selectFrom' | 'with' | 'withRecursive' | 'fn' | 'dynamic'>
export type Builder<T> = Pick<
  Kysely<T>,
  'withRecursive' | 'selectFrom' | 'insertInto' | 'updateTable' | 'deleteFrom' | 'with' | 'fn' | 'dynamic'
>
export type Statement = Compilable | { query: Compilable; rows: number }
export type Outcome = { rows: number }
export type Value = string | number | Uint8Array | null
export type Values = { readonly [name: string]: Value }
