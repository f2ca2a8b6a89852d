import type { CompiledQuery, Kysely } from 'kysely'
import type { Builder, Outcome } from '#server/database/database.ts'
import type { Dialect } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type Rows = Record<string, unknown>[]
export type CompiledStatement = { compiled: CompiledQuery; rows: number | undefined }

/** What one technology brings; `createDatabase` makes a `Database` of it. Each act is tried once here. */
export interface Ground {
  readonly dialect: Dialect
  readonly read: Kysely<Tables>
  readonly primary: Kysely<Tables>
  /** Its transactions are ours; nothing else is asked of it. */
  readonly write: Kysely<Tables>
  readonly build: Builder<Tables>
  commit(statements: readonly CompiledStatement[]): Promise<Outcome[]>
  /** A query that was compiled before, past everything that costs. */
  ask(from: 'read' | 'primary', sql: string, parameters: readonly unknown[]): Rows | Promise<Rows>
  close(): Promise<void>
}
