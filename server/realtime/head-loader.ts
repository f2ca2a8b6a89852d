import type { EventLog } from './event-log.ts'

const atOnce = 500

/** The newest number of one log. One question is asked at a time; whoever comes meanwhile is in the next one, however many come. */
export class HeadLoader {
  readonly #log: EventLog
  #waiting = new Map<string, PromiseWithResolvers<number>>()
  #isAsking = false

  constructor(log: EventLog) {
    this.#log = log
  }

  load(accountId: string): Promise<number> {
    let waiting = this.#waiting.get(accountId)
    if (!waiting) this.#waiting.set(accountId, (waiting = Promise.withResolvers()))
    if (!this.#isAsking) void this.#askAll()
    return waiting.promise
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true
    while (this.#waiting.size > 0) {
      const some = [...this.#waiting].slice(0, atOnce)
      for (const [accountId] of some) this.#waiting.delete(accountId)
      await this.#ask(some)
    }
    this.#isAsking = false
  }

  async #ask(some: readonly [string, PromiseWithResolvers<number>][]): Promise<void> {
    try {
      const heads = await this.#log.heads(some.map(([accountId]) => accountId))
      for (const [accountId, { resolve }] of some) resolve(heads.get(accountId) ?? 0)
    } catch (error) {
      for (const [, { reject }] of some) reject(error)
    }
  }
}
