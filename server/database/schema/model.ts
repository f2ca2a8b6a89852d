import type { ColumnFacts } from './column.ts'
import type { Index, Step, Table } from './step.ts'

export type Model = ReadonlyMap<string, Table>

const name = /^[a-z][a-z0-9_]{0,47}$/
const indexBytes = 3072

/** The tables as they stand after a step. Refuses what one of the two grounds could not keep. */
export function afterStep(model: Model, step: Step): Model {
  switch (step.do) {
    case 'create table':
      if (model.has(step.table.name)) throw new TypeError(`table ${step.table.name} stands already`)
      return withTable(model, step.table)
    case 'drop table':
      tableOf(model, step.table)
      return new Map([...model].filter(([key]) => key !== step.table))
    case 'add column':
      return withTable(model, columnAdded(tableOf(model, step.table), step.name, step.column))
    case 'drop column':
      return withTable(model, columnDropped(tableOf(model, step.table), step.name))
    case 'add index': {
      const table = tableOf(model, step.table)
      return withTable(model, { ...table, indexes: [...table.indexes, step.index] })
    }
    case 'drop index': {
      const table = tableOf(model, step.table)
      if (!table.indexes.some((index) => sameColumns(index, step.index)))
        throw new TypeError(`${step.table} has no index on ${step.index.columns.join(', ')}`)
      return withTable(model, { ...table, indexes: table.indexes.filter((index) => !sameColumns(index, step.index)) })
    }
    case 'raw':
    case 'run':
      return model
  }
}

export function tableOf(model: Model, table: string): Table {
  const found = model.get(table)
  if (!found) throw new TypeError(`there is no table ${table}`)
  return found
}

function columnAdded(table: Table, key: string, column: ColumnFacts): Table {
  if (table.columns.has(key)) throw new TypeError(`${table.name}.${key} stands already`)
  if (!column.nullable && column.default === undefined) throw new TypeError(`${table.name}.${key} is added: it needs null() or default()`)
  if (column.references) throw new TypeError(`${table.name}.${key} is added: a reference can only be made with its table`)
  return { ...table, columns: new Map([...table.columns, [key, column]]) }
}

function columnDropped(table: Table, key: string): Table {
  if (!table.columns.has(key)) throw new TypeError(`${table.name} has no column ${key}`)
  const used = [table.primaryKey, ...table.indexes.map((index) => index.columns)].some((columns) => columns.includes(key))
  if (used || table.columns.get(key)?.references) throw new TypeError(`${table.name}.${key} is part of a key or index: drop that first`)
  return { ...table, columns: new Map([...table.columns].filter(([other]) => other !== key)) }
}

function withTable(model: Model, table: Table): Model {
  checkTable(model, table)
  return new Map([...model, [table.name, table]])
}

function checkTable(model: Model, table: Table): void {
  for (const word of [table.name, ...table.columns.keys()]) {
    if (!name.test(word)) throw new TypeError(`'${word}' should be lower case with underscores, at most 48 characters`)
  }
  for (const [key, column] of table.columns) checkColumn(model, table, key, column)
  if (table.primaryKey.length === 0) throw new TypeError(`${table.name} has no primary key`)
  for (const columns of [table.primaryKey, ...table.indexes.map((index) => index.columns)]) checkIndex(table, columns)
  const seen = new Set(table.indexes.map((index) => index.columns.join()))
  if (seen.size < table.indexes.length) throw new TypeError(`${table.name} has the same index twice`)
}

function checkColumn(model: Model, table: Table, key: string, column: ColumnFacts): void {
  const where = `${table.name}.${key}`
  if ((column.kind === 'ms') !== key.endsWith('_ms'))
    throw new TypeError(`${where}: moments, and only they, are called …_ms and are of the kind ms()`)
  if (column.default !== undefined && (isLong(column) || column.kind === 'bytes'))
    throw new TypeError(`${where}: MySQL gives no default to long columns`)
  const target = column.references
  if (!target) return
  const other = target.table === table.name ? table : tableOf(model, target.table)
  if (other.primaryKey.join() !== target.column) throw new TypeError(`${where} may only point at the primary key of ${target.table}`)
  if (other.columns.get(target.column)?.kind !== column.kind) throw new TypeError(`${where} is of another kind than what it points at`)
  if (target.onDelete === 'set null' && !column.nullable) throw new TypeError(`${where} cannot be set null`)
  const led = [table.primaryKey, ...table.indexes.map((index) => index.columns)].some((columns) => columns[0] === key)
  if (!led)
    throw new TypeError(`${where} points at another row: an index must begin with it, or each deletion there reads this whole table`)
}

function checkIndex(table: Table, columns: readonly string[]): void {
  let size = 0
  for (const key of columns) {
    const column = table.columns.get(key)
    if (!column) throw new TypeError(`${table.name} has no column ${key} for its index`)
    if (isLong(column)) throw new TypeError(`${table.name}.${key} is too long for an index`)
    size += column.kind === 'text' || column.kind === 'id' ? (column.length ?? 0) * 4 : (column.length ?? 8)
  }
  if (size > indexBytes)
    throw new TypeError(`the index of ${table.name} on ${columns.join(', ')} could have ${size} bytes; MySQL takes ${indexBytes}`)
}

function isLong(column: ColumnFacts): boolean {
  return column.kind === 'longText' || column.kind === 'json' || (column.kind === 'bytes' && column.length === undefined)
}

function sameColumns(one: Index, other: Index): boolean {
  return one.columns.join() === other.columns.join()
}
