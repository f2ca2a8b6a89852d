import type { SealKeys } from '#server/lib/sealed.ts'
import type { Value } from '../database.ts'
import { BrokenBackup, NewerSchema, NotEmpty, SchemaChanged } from '../errors.ts'
import { halfRestored, migrate } from '../migrations/migrate.ts'
import { fingerprint, type Migration, modelOf } from '../migrations/migration.ts'
import type { Model } from '../schema/model.ts'
import { clearSql, insertSql } from '../schema/row-sql.ts'
import type { StepRunner, Table } from '../schema/step.ts'
import { readLines } from './backup-file.ts'
import type { DataEngine } from './engine.ts'
import { fromRow, type Progress, RowDigest, toRow } from './lines.ts'
import { type BackupSummary, headOf, verifyBackup } from './verify-backup.ts'
import { rowsOf } from './write-backup.ts'

export type RestoreOptions = {
  into: DataEngine
  path: string
  migrations: readonly Migration[]
  keys?: SealKeys
  /** Before the database may be used: what has to differ from the one that was copied. */
  finally?: (on: StepRunner) => Promise<void>
  progress?: Progress
}

const batchRows = 200
const batchBytes = 1 << 20
const mostParameters = 30_000

/**
 * Fills an empty database from a backup of either engine: the tables as they were then, the rows, a comparison of every row with the file, then
 * the migrations since. Until all is done the database refuses to be used.
 */
export async function restoreBackup(options: RestoreOptions): Promise<BackupSummary> {
  const { into, path, keys, migrations } = options
  const summary = await verifyBackup(path, keys, options.progress)
  const standing = await into.tables()
  if (standing.length > 0) throw new NotEmpty(standing)
  const then = await migrationsThen(path, keys, migrations)
  await migrate(into, { migrations: then })
  await into.run('insert into migration values (?, 0, 0, 0, null, ?, ?, null)', [halfRestored, '', Date.now()])
  const model = modelOf(then)
  await into.inAnyOrder(async () => {
    for (const table of model.values()) await into.run(clearSql(into.dialect, table))
    await fill(options, model)
  })
  for (const table of model.values()) await compare(into, table, summary)
  await migrate(into, { migrations, isRestoring: true })
  await options.finally?.(into)
  await into.run('delete from migration where name = ?', [halfRestored])
  return summary
}

/** Those that had run, which must be the same today. */
export async function migrationsThen(path: string, keys: SealKeys | undefined, migrations: readonly Migration[]): Promise<Migration[]> {
  for await (const { line } of readLines(path, keys)) {
    const { fingerprints } = headOf(line)
    const unknown = [...fingerprints.keys()].filter((name) => !migrations.some((migration) => migration.name === name))
    if (unknown.length > 0) throw new NewerSchema(unknown)
    const then = migrations.filter(({ name }) => fingerprints.has(name))
    const changed = then.find((migration) => fingerprints.get(migration.name) !== fingerprint(migration))
    if (changed) throw new SchemaChanged(changed.name)
    return then
  }
  throw new BrokenBackup('it is empty')
}

async function fill({ into, path, keys, progress }: RestoreOptions, model: Model): Promise<void> {
  let table: Table | undefined
  let batch: Value[][] = []
  let bytes = 0
  let rows = 0
  const flush = async () => {
    if (!table) return
    if (batch.length > 0) await insert(into, table, batch)
    rows += batch.length
    progress?.('rows', table.name, rows)
    batch = []
    bytes = 0
  }
  for await (const { line, text } of readLines(path, keys)) {
    if (Array.isArray(line)) {
      batch.push(fromRow(line))
      bytes += text.length
      if (batch.length >= batchRows || bytes > batchBytes) await flush()
    } else if ('table' in line) {
      table = sameTable(model, line)
      rows = 0
    } else if ('end' in line) await flush()
  }
}

function sameTable(model: Model, line: { table: string; columns: string[] }): Table {
  const table = model.get(line.table)
  if (!table || [...table.columns.keys()].join() !== line.columns.join())
    throw new BrokenBackup(`its table ${line.table} is not as its migrations make it`)
  return table
}

async function insert(into: DataEngine, table: Table, rows: readonly Value[][]): Promise<void> {
  const atOnce = Math.max(1, Math.floor(mostParameters / table.columns.size))
  await into.atomically(async () => {
    for (let at = 0; at < rows.length; at += atOnce) {
      const some = rows.slice(at, at + atOnce)
      await into.run(insertSql(into.dialect, table, some.length), some.flat())
    }
  })
}

async function compare(into: DataEngine, table: Table, summary: BackupSummary): Promise<void> {
  const digest = new RowDigest()
  for await (const row of rowsOf(into, table)) digest.add(toRow(row))
  const expected = summary.tables[table.name]
  if (expected?.rows !== digest.rows || expected.digest !== digest.digest)
    throw new BrokenBackup(`the rows of ${table.name} did not arrive as they are in the file`)
}
