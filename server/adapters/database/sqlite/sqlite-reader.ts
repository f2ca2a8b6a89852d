import type { DatabaseSync } from 'node:sqlite'
import { openFile } from './file.ts'
import { errorOf, failureOf } from './failures.ts'
import type { Rows } from '../ground.ts'
import type { Bound, ReadAnswer } from './messages.ts'
import { StatementCache } from './statement-cache.ts'
import { ThreadClient } from './thread-client.ts'

/** Longer, and it would be felt by everybody else on the event loop. */
const slowMs = 2
const fastMs = 1

/**
 * Reading, beside the writer. A point read costs some microseconds here and fifty in another thread: so each statement begins here, and
 * moves to a thread of its own when it turns out to take long. There it is measured too, and may come back.
 */
export class SqliteReader {
  #db: DatabaseSync
  #statements: StatementCache
  #thread: ThreadClient
  #slow = new Map<string, number>()

  constructor(path: string) {
    this.#db = openFile(path, { reader: true })
    this.#statements = new StatementCache(this.#db)
    this.#thread = new ThreadClient({ kind: 'reader', path })
  }

  read(sql: string, parameters: Bound[]): Rows | Promise<Rows> {
    if (this.#slow.size > 0 && this.#slow.has(sql)) return this.#readBeside(sql, parameters)
    const startedMs = performance.now()
    try {
      const prepared = this.#statements.get(sql)
      // The first run is measured by the processor: while a program starts the machine is busy, and no thread is opened for that.
      const before = prepared.costMs === 0 ? process.threadCpuUsage() : undefined
      const rows = prepared.statement.all(...parameters)
      const tookMs = before ? cpuMsSince(before) : performance.now() - startedMs
      prepared.costMs += (tookMs - prepared.costMs) / 4
      if (prepared.costMs > slowMs) this.#setSlow(sql, prepared.costMs)
      return rows
    } catch (error) {
      throw errorOf(failureOf(error, sql))
    }
  }

  async close(): Promise<void> {
    await this.#thread.close()
    if (this.#db.isOpen) this.#db.close()
  }

  async #readBeside(sql: string, parameters: Bound[]): Promise<Rows> {
    const { rows, tookMs } = await this.#thread.ask<ReadAnswer>(['read', this.#thread.nextId(), sql, parameters])
    const before = this.#slow.get(sql) ?? tookMs
    const costMs = before + (tookMs - before) / 4
    if (costMs > fastMs) this.#setSlow(sql, costMs)
    else this.#slow.delete(sql)
    return rows
  }

  #setSlow(sql: string, costMs: number): void {
    this.#slow.set(sql, costMs)
    const [oldest] = this.#slow.keys()
    if (this.#slow.size > 1000 && oldest !== undefined) this.#slow.delete(oldest)
  }
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
