import { createHash } from 'node:crypto'
import type { DialectName } from '../dialect.ts'
import type { ColumnFacts } from './column.ts'
import { type Model, tableOf } from './model.ts'
import type { Index, Step, Table } from './step.ts'

/** The statements of a step. `model` is what stands before it. */
export function stepSql(dialect: DialectName, model: Model, step: Step): readonly string[] {
  const quote = quoteOf(dialect)
  switch (step.do) {
    case 'create table':
      return dialect === 'sqlite' ? sqliteTable(step.table) : [mysqlTable(step.table)]
    case 'drop table':
      return [`drop table ${quote(step.table)}`]
    case 'add column':
      return [`alter table ${quote(step.table)} add column ${columnSql(dialect, step.name, step.column)}`]
    case 'drop column':
      return [`alter table ${quote(step.table)} drop column ${quote(step.name)}`]
    case 'add index':
      return [createIndex(dialect, tableOf(model, step.table), step.index)]
    case 'drop index': {
      const index = quote(indexName(step.table, step.index.columns))
      return [dialect === 'sqlite' ? `drop index ${index}` : `drop index ${index} on ${quote(step.table)}`]
    }
    case 'raw':
      return step[dialect]
    case 'run':
      return []
  }
}

/** The name by which the database speaks of a key: with it an error can be traced to its columns. */
export function indexName(table: string, columns: readonly string[]): string {
  const whole = [table, ...columns].join('__')
  if (whole.length <= 60) return whole
  return `${whole.slice(0, 48)}__${createHash('sha256').update(whole).digest('hex').slice(0, 10)}`
}

export function quoteOf(dialect: DialectName): (name: string) => string {
  return dialect === 'sqlite' ? (name) => `"${name}"` : (name) => `\`${name}\``
}

function sqliteTable(table: Table): string[] {
  const lines = [...columnLines('sqlite', table), ...foreignKeys('sqlite', table)]
  const kind = table.clustered ? 'strict, without rowid' : 'strict'
  const create = `create table "${table.name}" (\n  ${lines.join(',\n  ')}\n) ${kind}`
  return [create, ...table.indexes.map((index) => createIndex('sqlite', table, index))]
}

/** One statement, because each commits by itself on MySQL. */
function mysqlTable(table: Table): string {
  const indexes = table.indexes.map(
    ({ columns, unique }) => `${unique ? 'unique key' : 'key'} \`${indexName(table.name, columns)}\` (${list('mysql', columns)})`,
  )
  const lines = [...columnLines('mysql', table), ...indexes, ...foreignKeys('mysql', table)]
  return `create table \`${table.name}\` (\n  ${lines.join(',\n  ')}\n) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin`
}

function columnLines(dialect: DialectName, table: Table): string[] {
  const columns = [...table.columns].map(([key, column]) => columnSql(dialect, key, column))
  return [...columns, `primary key (${list(dialect, table.primaryKey)})`]
}

function foreignKeys(dialect: DialectName, table: Table): string[] {
  const quote = quoteOf(dialect)
  return [...table.columns].flatMap(([key, { references }]) => {
    if (!references) return []
    const name = quote(`${indexName(table.name, [key])}_fk`)
    return [
      `constraint ${name} foreign key (${quote(key)}) references ${quote(references.table)} (${quote(references.column)}) on delete ${references.onDelete}`,
    ]
  })
}

function createIndex(dialect: DialectName, table: Table, index: Index): string {
  const quote = quoteOf(dialect)
  const kind = index.unique ? 'unique index' : 'index'
  return `create ${kind} ${quote(indexName(table.name, index.columns))} on ${quote(table.name)} (${list(dialect, index.columns)})`
}

function list(dialect: DialectName, columns: readonly string[]): string {
  return columns.map(quoteOf(dialect)).join(', ')
}

function columnSql(dialect: DialectName, key: string, column: ColumnFacts): string {
  const quoted = quoteOf(dialect)(key)
  const type = dialect === 'sqlite' ? sqliteType(column) : mysqlType(column)
  const check = checkSql(dialect, quoted, column)
  const fallback = column.default === undefined ? '' : ` default ${literal(column.default)}`
  return `${quoted} ${type}${column.nullable ? '' : ' not null'}${fallback}${check}`
}

function literal(value: string | number): string {
  if (typeof value === 'number') return String(value)
  if (!/^[\w .:/-]*$/.test(value)) throw new TypeError(`a default should be a plain word: ${value}`)
  return `'${value}'`
}

function sqliteType(column: ColumnFacts): string {
  switch (column.kind) {
    case 'id':
    case 'text':
      return 'text collate rtrim' // utf8mb4_bin ignores trailing spaces when it compares: one behaviour on both grounds
    case 'longText':
    case 'json':
      return 'text'
    case 'int':
    case 'ms':
    case 'flag':
      return 'integer'
    case 'real':
      return 'real'
    case 'bytes':
      return 'blob'
  }
}

function checkSql(dialect: DialectName, quoted: string, column: ColumnFacts): string {
  if (column.kind === 'flag') return ` check (${quoted} in (0, 1))`
  return column.length === undefined || dialect === 'mysql' ? '' : ` check (length(${quoted}) <= ${column.length})`
}

function mysqlType(column: ColumnFacts): string {
  switch (column.kind) {
    case 'id':
    case 'text':
      return `varchar(${column.length})`
    case 'longText':
    case 'json':
      return 'mediumtext'
    case 'int':
    case 'ms':
      return 'bigint'
    case 'flag':
      return 'tinyint'
    case 'real':
      return 'double'
    case 'bytes':
      return column.length === undefined ? 'mediumblob' : `varbinary(${column.length})`
  }
}
