import type { SealKeys } from '#server/lib/sealed.ts'
import { BrokenBackup } from '../errors.ts'
import { readLines } from './backup-file.ts'
import { type BlobEntry, type Line, type Progress, RowDigest } from './lines.ts'

export type BackupSummary = {
  madeMs: number
  migrations: string[]
  tables: Record<string, { rows: number; digest: string }>
  blobs: number
}

/** Reads a backup from its first byte to its last, and answers what is in it; throws unless it is whole. */
export async function verifyBackup(path: string, keys: SealKeys | undefined, progress?: Progress): Promise<BackupSummary> {
  const summary: BackupSummary = { madeMs: 0, migrations: [], tables: {}, blobs: 0 }
  let table: string | undefined
  let digest = new RowDigest()
  for await (const { line, text } of readLines(path, keys)) {
    if (Array.isArray(line)) digest.add(text)
    else if ('matinee' in line) {
      const { madeMs, migrations } = headOf(line)
      Object.assign(summary, { madeMs, migrations })
    } else if ('table' in line) {
      table = line.table
      digest = new RowDigest()
      progress?.('reading', line.table, 0)
    } else if ('end' in line) {
      if (line.end !== table || line.rows !== digest.rows || line.digest !== digest.digest)
        throw new BrokenBackup(`the rows of ${line.end} are not all there`)
      summary.tables[line.end] = { rows: line.rows, digest: line.digest }
    } else if ('blob' in line) summary.blobs++
  }
  return summary
}

/** What should lie beside the rows, one after the other. */
export async function* blobsIn(path: string, keys: SealKeys | undefined): AsyncGenerator<BlobEntry> {
  for await (const { line } of readLines(path, keys)) if (!Array.isArray(line) && 'blob' in line) yield line.blob
}

export function headOf(line: Line): Pick<BackupSummary, 'madeMs' | 'migrations'> & { fingerprints: Map<string, string> } {
  if (Array.isArray(line) || !('matinee' in line)) throw new BrokenBackup('it does not begin like one')
  if (line.format !== 1) throw new BrokenBackup(`it is of format ${String(line.format)}, which this Matinee does not know`)
  return { madeMs: line.madeMs, migrations: line.migrations.map(([name]) => name), fingerprints: new Map(line.migrations) }
}
