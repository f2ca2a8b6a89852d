import type { DialectName } from '../dialect.ts'
import { quoteOf } from './sql.ts'
import type { Table } from './step.ts'

/** One page of a whole table in the order of its key: `first`, or behind the key of the last row (each column but the last of it is given twice). */
export function pageSql(dialect: DialectName, table: Table, place: 'first' | 'next'): string {
  const quote = quoteOf(dialect)
  const names = [...table.columns.keys()].map(quote).join(', ')
  const key = table.primaryKey.map(quote)
  const where = place === 'first' ? '' : ` where ${beyond(key)}`
  return `select ${names} from ${quote(table.name)}${where} order by ${key.join(', ')} limit ?`
}

/** The values for `pageSql`'s "next". */
export function beyondValues(key: readonly unknown[]): unknown[] {
  const [first, ...rest] = key
  return rest.length === 0 ? [first] : [first, first, ...beyondValues(rest)]
}

export function insertSql(dialect: DialectName, table: Table, rows: number): string {
  const quote = quoteOf(dialect)
  const one = `(${[...table.columns].map(() => '?').join(', ')})`
  return `insert into ${quote(table.name)} (${[...table.columns.keys()].map(quote).join(', ')}) values ${Array.from({ length: rows }, () => one).join(', ')}`
}

export function clearSql(dialect: DialectName, table: Table): string {
  return `delete from ${quoteOf(dialect)(table.name)}`
}

/** `a >= ? and (a > ? or (b >= ? and …))`: both grounds walk the key by it. */
function beyond(key: readonly string[]): string {
  const [column = '', ...rest] = key
  return rest.length === 0 ? `${column} > ?` : `${column} >= ? and (${column} > ? or (${beyond(rest)}))`
}
