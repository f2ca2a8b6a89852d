import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** A statement that was prepared once, with what it has cost lately. */
export type Prepared = { readonly statement: StatementSync; readonly reads: boolean; costMs: number }

/** Prepared statements by their text; the one that was not used for longest goes when there are too many. */
export class StatementCache {
  #db: DatabaseSync
  #limit: number
  #kept = new Map<string, Prepared>()

  constructor(db: DatabaseSync, limit = 300) {
    this.#db = db
    this.#limit = limit
  }

  get(sql: string): Prepared {
    const kept = this.#kept.get(sql)
    if (kept) {
      if (this.#kept.size > this.#limit / 2) {
        this.#kept.delete(sql)
        this.#kept.set(sql, kept)
      }
      return kept
    }
    const statement = this.#db.prepare(sql)
    const reads = statement.columns().length > 0
    // What writes also answers with the last row's number, and those that the full-text index gives to its own rows are larger than a number can be.
    if (!reads) statement.setReadBigInts(true)
    const prepared = { statement, reads, costMs: 0 }
    this.#kept.set(sql, prepared)
    if (this.#kept.size > this.#limit) {
      const [oldest = sql] = this.#kept.keys()
      this.#kept.delete(oldest)
    }
    return prepared
  }
}
