import type { EventLog } from './event-log.ts'

const atOnce = 500

/** The newest number of one log; those asked for within one turn of the event loop are one question to the database. */
export class HeadLoader {
  readonly #log: EventLog
  #waiting = new Map<string, PromiseWithResolvers<number>>()

  constructor(log: EventLog) {
    this.#log = log
  }

  load(accountId: string): Promise<number> {
    if (this.#waiting.size === 0) setImmediate(() => this.#ask())
    let waiting = this.#waiting.get(accountId)
    if (!waiting) this.#waiting.set(accountId, (waiting = Promise.withResolvers()))
    return waiting.promise
  }

  #ask(): void {
    const all = [...this.#waiting]
    this.#waiting = new Map()
    for (let start = 0; start < all.length; start += atOnce) void this.#askSome(all.slice(start, start + atOnce))
  }

  async #askSome(some: [string, PromiseWithResolvers<number>][]): Promise<void> {
    try {
      const heads = await this.#log.heads(some.map(([accountId]) => accountId))
      for (const [accountId, { resolve }] of some) resolve(heads.get(accountId) ?? 0)
    } catch (error) {
      for (const [, { reject }] of some) reject(error)
    }
  }
}
