import { createHash } from 'node:crypto'
import type { Value } from '../database.ts'

export type BlobEntry = { name: string; size: number; sha256: string }

/** How far it is, for whoever waits: the rows of a table, the blobs, or the reading of the file. Called often; what it throws ends the work. */
export type Progress = (doing: 'rows' | 'blobs' | 'reading', name: string, count: number) => void

/**
 * The lines of a backup, JSON each: the head; for each table its columns, its rows as lists, its end; the blobs that the rows speak of; the tail.
 * Nothing in it belongs to one engine.
 */
export type Line =
  | { matinee: 'backup'; format: 1; madeMs: number; migrations: [name: string, fingerprint: string][] }
  | { table: string; columns: string[] }
  | Cell[]
  | { end: string; rows: number; digest: string }
  | { blob: BlobEntry }
  | { done: true; tables: number; rows: number; blobs: number; sha256: string }

/** Bytes are base64 in an object of their own. */
type Cell = string | number | null | { b: string }

export function toRow(values: readonly Value[]): string {
  return JSON.stringify(values.map((value): Cell => (value instanceof Uint8Array ? { b: Buffer.from(value).toString('base64') } : value)))
}

export function fromRow(cells: readonly Cell[]): Value[] {
  return cells.map((cell) => (typeof cell === 'object' && cell !== null ? Buffer.from(cell.b, 'base64') : cell))
}

/** Of the rows of a table, whatever their order: engines need not sort alike. */
export class RowDigest {
  #sum = Buffer.alloc(32)
  rows = 0

  add(row: string): void {
    const hash = createHash('sha256').update(row).digest()
    for (let i = 0; i < 32; i++) this.#sum[i] = (this.#sum[i] ?? 0) ^ (hash[i] ?? 0)
    this.rows++
  }

  get digest(): string {
    return this.#sum.toString('hex')
  }
}
