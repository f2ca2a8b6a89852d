import {
  type Expression,
  type InsertQueryBuilder,
  type InsertResult,
  type RawBuilder,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely'
import type { Dialect } from './dialect.ts'

type Inserted<T, TB extends keyof T> = InsertQueryBuilder<T, TB, InsertResult>
type Columns<T, TB extends keyof T> = readonly (keyof T[TB] & string)[]

export type Upsert<T, TB extends keyof T> = {
  /** The key by which a row stands already. On MySQL any unique key counts: let there be no other that could. */
  key: Columns<T, TB>
  /** Columns that take the new value. */
  take?: Columns<T, TB>
  /** Columns to which the new value is added. */
  add?: Columns<T, TB>
  /** Columns that take the new value only if it is greater. */
  most?: Columns<T, TB>
}

/** Inserts, or changes the row that stands already. Counts each row given once. */
export function upsert<T, TB extends keyof T>(
  dialect: Dialect,
  insert: Inserted<T, TB>,
  { key, take = [], add = [], most = [] }: Upsert<T, TB>,
): Inserted<T, TB> {
  const given = (column: string) => (dialect.name === 'sqlite' ? sql`excluded.${sql.ref(column)}` : sql`values(${sql.ref(column)})`)
  // In the words of both, a bare name is the row that stands already.
  const sets: [string, RawBuilder<unknown>][] = [
    ...take.map((column): [string, RawBuilder<unknown>] => [column, given(column)]),
    ...add.map((column): [string, RawBuilder<unknown>] => [column, sql`${sql.ref(column)} + ${given(column)}`]),
    ...most.map((column): [string, RawBuilder<unknown>] => [column, greater(dialect, sql.ref(column), given(column))]),
  ]
  const update = Object.fromEntries(sets) as never
  if (dialect.name === 'mysql') return insert.onDuplicateKeyUpdate(update)
  return insert.onConflict((conflict) => conflict.columns([...key] as never).doUpdateSet(update)) as Inserted<T, TB>
}

/** Inserts the rows whose key does not stand already, and passes over the others. Anything else that is wrong with a row still throws. */
export function insertMissing<T, TB extends keyof T>(dialect: Dialect, insert: Inserted<T, TB>): Inserted<T, TB> {
  return dialect.name === 'mysql' ? insert.ignore() : (insert.onConflict((conflict) => conflict.doNothing()) as Inserted<T, TB>)
}

/** Locks the rows until the transaction ends. On SQLite a transaction that has the word is alone anyway. */
export function locked<T, TB extends keyof T, O>(dialect: Dialect, query: SelectQueryBuilder<T, TB, O>): SelectQueryBuilder<T, TB, O> {
  return dialect.name === 'mysql' ? query.forUpdate() : query
}

/** The greater of two; null when one of them is. */
export function greater<V>(dialect: Dialect, one: Expression<V>, other: Expression<V>): RawBuilder<V> {
  return dialect.name === 'sqlite' ? sql<V>`max(${one}, ${other})` : sql<V>`greatest(${one}, ${other})`
}

export function lesser<V>(dialect: Dialect, one: Expression<V>, other: Expression<V>): RawBuilder<V> {
  return dialect.name === 'sqlite' ? sql<V>`min(${one}, ${other})` : sql<V>`least(${one}, ${other})`
}

/** `||` means "or" on MySQL. */
export function concat(...parts: readonly (Expression<string> | string)[]): RawBuilder<string> {
  return sql<string>`concat(${sql.join(parts)})`
}

/** A number, 0 where there is nothing to add. */
export function sum(of: Expression<number> | Expression<number | null>): RawBuilder<number> {
  return sql<number>`coalesce(sum(${of}), 0)`
}

/** Characters, not bytes. */
export function charLength(dialect: Dialect, of: Expression<string>): RawBuilder<number> {
  return dialect.name === 'sqlite' ? sql<number>`length(${of})` : sql<number>`char_length(${of})`
}

/** The text somewhere within, exact in upper and lower case; no sign means anything. Reads every row: only where few are left. */
export function contains(column: Expression<string>, text: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`instr(${column}, ${text}) > 0`
}

/** By an index, and exact in upper and lower case. Spaces at the end of the prefix do not count. */
export function beginsWith(column: Expression<string>, prefix: string): RawBuilder<SqlBool> {
  const start = prefix.trimEnd()
  return sql<SqlBool>`(${column} >= ${start} and ${column} < ${`${start}\u{10ffff}`})`
}
