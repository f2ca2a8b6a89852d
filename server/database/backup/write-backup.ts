import { createHash } from 'node:crypto'
import type { SealKeys } from '#server/lib/sealed.ts'
import type { Value } from '../database.ts'
import { BrokenBackup, NewerSchema } from '../errors.ts'
import { fingerprint, type Migration, modelOf } from '../migrations/migration.ts'
import { beyondValues, pageSql } from '../schema/row-sql.ts'
import type { Table } from '../schema/step.ts'
import { writeLines } from './backup-file.ts'
import type { DataEngine } from './engine.ts'
import { type BlobEntry, type Line, type Progress, RowDigest, toRow } from './lines.ts'
import { type BackupSummary, verifyBackup } from './verify-backup.ts'

export type BackupOptions = {
  from: DataEngine
  /** Must not stand yet. */
  path: string
  migrations: readonly Migration[]
  /** Sealed under the first of them; without keys the file is plain. */
  keys?: SealKeys
  /** What lies beside the rows. Asked for after the moment of which the rows tell, so that what they speak of is among it unless it was deleted since. */
  blobs?: () => AsyncIterable<BlobEntry>
  progress?: Progress
}

const pageRows = 250

/**
 * Copies every row, as of one moment, into one file that either engine can be filled from; then reads the file back and compares. Tables made
 * by raw statements (full-text indexes) are no part of it: they follow from the rows.
 */
export async function writeBackup(options: BackupOptions): Promise<BackupSummary> {
  let written: BackupSummary | undefined
  const lines = linesOf(options, (summary) => {
    written = summary
  })
  await writeLines(options.path, options.keys, lines, async (draft) => {
    const found = await verifyBackup(draft, options.keys, options.progress)
    if (JSON.stringify(found) !== JSON.stringify(written)) throw new BrokenBackup('it does not hold what was written')
  })
  if (!written) throw new BrokenBackup('nothing was written')
  return written
}

async function* linesOf(options: BackupOptions, finished: (summary: BackupSummary) => void): AsyncGenerator<string> {
  const hash = createHash('sha256')
  const out = (line: Line) => {
    const text = JSON.stringify(line)
    hash.update(`${text}\n`)
    return text
  }
  const summary: BackupSummary = { madeMs: Date.now(), migrations: [], tables: {}, blobs: 0 }
  // The snapshot lasts as long as its work, and this work is to hand over lines: so both go hand in hand.
  for await (const item of withinSnapshot(options, summary)) {
    if (typeof item === 'string') {
      hash.update(`${item}\n`)
      yield item
    } else yield out(item)
  }
  // Reading every film may take hours: the snapshot, which keeps the database from tidying up, is over by then.
  for await (const blob of options.blobs?.() ?? []) {
    summary.blobs++
    options.progress?.('blobs', blob.name, summary.blobs)
    yield out({ blob })
  }
  const rows = Object.values(summary.tables).reduce((sum, table) => sum + table.rows, 0)
  finished(summary)
  yield JSON.stringify({
    done: true,
    tables: Object.keys(summary.tables).length,
    rows,
    blobs: summary.blobs,
    sha256: hash.digest('hex'),
  } satisfies Line)
}

async function* withinSnapshot({ from, migrations, progress }: BackupOptions, summary: BackupSummary): AsyncGenerator<Line | string> {
  const over = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const snapshot = from.snapshot(async () => {
    begun.resolve()
    await over.promise
  })
  snapshot.catch(begun.reject)
  try {
    await begun.promise
    const ran = await ranMigrations(from, migrations)
    summary.migrations = ran.map((migration) => migration.name)
    yield {
      matinee: 'backup',
      format: 1,
      madeMs: summary.madeMs,
      migrations: ran.map((migration) => [migration.name, fingerprint(migration)]),
    }
    for (const table of modelOf(ran).values()) yield* tableLines(from, table, summary, progress)
  } finally {
    over.resolve()
  }
  await snapshot
}

async function* tableLines(
  from: DataEngine,
  table: Table,
  summary: BackupSummary,
  progress: Progress | undefined,
): AsyncGenerator<Line | string> {
  const columns = [...table.columns.keys()]
  const digest = new RowDigest()
  yield { table: table.name, columns }
  for await (const values of rowsOf(from, table)) {
    const row = toRow(values)
    digest.add(row)
    if (digest.rows % pageRows === 0) progress?.('rows', table.name, digest.rows)
    yield row
  }
  progress?.('rows', table.name, digest.rows)
  const end = { rows: digest.rows, digest: digest.digest }
  summary.tables[table.name] = end
  yield { end: table.name, ...end }
}

/** Every row, page by page, with breaths in between for whoever shares the thread. */
export async function* rowsOf(from: DataEngine, table: Table): AsyncGenerator<Value[]> {
  const columns = [...table.columns.keys()]
  const key = table.primaryKey.map((column) => columns.indexOf(column))
  const first = pageSql(from.dialect, table, 'first')
  const next = pageSql(from.dialect, table, 'next')
  let last: Value[] | undefined
  do {
    const page: Record<string, unknown>[] = await (last
      ? from.all(next, [...beyondValues(key.map((at) => last?.[at])), pageRows])
      : from.all(first, [pageRows]))
    last = undefined
    for (const row of page) {
      const values = columns.map((column) => row[column] as Value)
      yield values
      if (page.length === pageRows) last = values
    }
    await new Promise((resolve) => setImmediate(resolve))
  } while (last)
}

async function ranMigrations(from: DataEngine, known: readonly Migration[]): Promise<Migration[]> {
  const rows = await from.all('select name, done_ms from migration order by name')
  const unknown = rows.map(({ name }) => String(name)).filter((name) => !known.some((migration) => migration.name === name))
  if (unknown.length > 0) throw new NewerSchema(unknown)
  if (rows.some(({ done_ms }) => done_ms === null)) throw new Error('a migration has not come to its end: run matinee migrate first')
  return known.filter((migration) => rows.some(({ name }) => name === migration.name))
}
