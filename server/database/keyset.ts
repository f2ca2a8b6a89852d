import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import type { Value } from './database.ts'

type Direction = 'asc' | 'desc'

export type Keyset = {
  /** Columns that together name one row, none of them null; an index should hold them in this order. */
  by: readonly (readonly [column: string, direction: Direction])[]
  /** Their values in the last row of the page before. */
  after: readonly Value[] | undefined
  limit: number
}

/** One page, and one row more that tells whether there is another: hand the rows to `pageOf`. */
export function keyset<T, TB extends keyof T, O>(
  query: SelectQueryBuilder<T, TB, O>,
  { by, after, limit }: Keyset,
): SelectQueryBuilder<T, TB, O> {
  if (after && after.length !== by.length) throw new TypeError(`a cursor of ${after.length} values for ${by.length} columns`)
  const begun = after ? query.where(beyond(by, after)) : query
  return by.reduce((sorted, [column, direction]) => sorted.orderBy(sql.ref(column), direction), begun).limit(limit + 1)
}

/** What `keyset` brought: the page, and where the next one begins. */
export function pageOf<R>(rows: readonly R[], limit: number, at: (row: R) => Value[]): { items: R[]; next: Value[] | undefined } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? at(last) : undefined }
}

/** `a <= x and (a < x or b < y)`: both grounds walk an index by its first half, which they do not by `(a, b) < (x, y)`. */
function beyond(by: Keyset['by'], after: readonly Value[]): RawBuilder<SqlBool> {
  const [[column, direction] = ['', 'asc' as Direction], ...rest] = by
  const [value = null, ...others] = after
  const ref = sql.ref(column)
  const past = direction === 'asc' ? sql<SqlBool>`${ref} > ${value}` : sql<SqlBool>`${ref} < ${value}`
  if (rest.length === 0) return past
  const reached = direction === 'asc' ? sql`${ref} >= ${value}` : sql`${ref} <= ${value}`
  return sql<SqlBool>`(${reached} and (${past} or ${beyond(rest, others)}))`
}
