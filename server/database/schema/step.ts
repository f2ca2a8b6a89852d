import type { Column, ColumnFacts } from './column.ts'

export type Index = { readonly columns: readonly string[]; readonly unique: boolean }

export type Table = {
  readonly name: string
  readonly columns: ReadonlyMap<string, ColumnFacts>
  readonly primaryKey: readonly string[]
  readonly indexes: readonly Index[]
  /** On SQLite the rows lie in the order of the primary key, as they always do on MySQL: one search less, for small rows. */
  readonly clustered: boolean
  readonly about: string
}

/** What a data step may do. `?` stands for a parameter, on both grounds. */
export interface StepRunner {
  all(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>
  run(sql: string, parameters?: readonly unknown[]): Promise<{ rows: number }>
}

export type Step =
  | { readonly do: 'create table'; readonly table: Table }
  | { readonly do: 'drop table'; readonly table: string }
  | { readonly do: 'add column'; readonly table: string; readonly name: string; readonly column: ColumnFacts }
  | { readonly do: 'drop column'; readonly table: string; readonly name: string }
  | { readonly do: 'add index'; readonly table: string; readonly index: Index }
  | { readonly do: 'drop index'; readonly table: string; readonly index: Index }
  | { readonly do: 'raw'; readonly about: string; readonly sqlite: readonly string[]; readonly mysql: readonly string[] }
  | {
      readonly do: 'run'
      readonly about: string
      readonly work: (on: StepRunner, place: string | undefined) => Promise<string | undefined>
    }

type Names<C> = readonly (keyof C & string)[]

export type TableOptions<C> = {
  primaryKey: Names<C>
  unique?: readonly Names<C>[]
  indexes?: readonly Names<C>[]
  clustered?: boolean
  /** A sentence for docs/database.md. */
  about?: string
}

export function createTable<C extends Record<string, Column>>(name: string, columns: C, options: TableOptions<C>): Step {
  const indexes = [
    ...(options.unique ?? []).map((key) => ({ columns: key, unique: true })),
    ...(options.indexes ?? []).map((key) => ({ columns: key, unique: false })),
  ]
  const facts = new Map(Object.entries(columns).map(([key, { facts }]) => [key, facts]))
  const { primaryKey, clustered = false, about = '' } = options
  return { do: 'create table', table: { name, columns: facts, primaryKey, indexes, clustered, about } }
}

export const dropTable = (table: string): Step => ({ do: 'drop table', table })

/** Rows that stand already need something in it: the column may be null, or has a default. */
export const addColumn = (table: string, name: string, column: Column): Step => ({ do: 'add column', table, name, column: column.facts })

export const dropColumn = (table: string, name: string): Step => ({ do: 'drop column', table, name })

export const addIndex = (table: string, ...columns: string[]): Step => ({ do: 'add index', table, index: { columns, unique: false } })

export const addUnique = (table: string, ...columns: string[]): Step => ({ do: 'add index', table, index: { columns, unique: true } })

export const dropIndex = (table: string, ...columns: string[]): Step => ({ do: 'drop index', table, index: { columns, unique: false } })

/**
 * What the tool cannot say (full-text indexes). Each statement may be repeated after a crash: then "exists already" and "is not
 * there" count as done. Rows of tables made so are no part of a backup: they must follow from others.
 */
export const raw = (about: string, statements: { sqlite: readonly string[]; mysql: readonly string[] }): Step => ({
  do: 'raw',
  about,
  ...statements,
})

/**
 * Changes rows, never tables. Each call is one transaction. Answer a place to be called again from there: a big table goes by in batches,
 * and after a crash it continues where it stood.
 */
export const run = (about: string, work: (on: StepRunner, place: string | undefined) => Promise<string | undefined>): Step => ({
  do: 'run',
  about,
  work,
})
