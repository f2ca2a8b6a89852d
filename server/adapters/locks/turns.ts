import type { Clock } from '#server/ports/clock.ts'

/** Those who wait for something that has a name, until they are called or their time is over. */
export class Turns {
  readonly #clock: Clock
  readonly #waiters = new Map<string, Set<() => void>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves when called and when the time is over; rejects with the signal's reason. */
  async wait(name: string, waitMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    const turn = Promise.withResolvers<void>()
    const queue = this.#waiters.get(name) ?? new Set()
    this.#waiters.set(name, queue.add(turn.resolve))
    const timer = this.#clock.after(waitMs, turn.resolve)
    const onAbort = () => turn.reject(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      await turn.promise
    } finally {
      timer.cancel()
      signal?.removeEventListener('abort', onAbort)
      queue.delete(turn.resolve)
      if (queue.size === 0 && this.#waiters.get(name) === queue) this.#waiters.delete(name)
    }
  }

  /** The one who has waited longest. */
  callNext(name: string): void {
    const [next] = this.#waiters.get(name) ?? []
    next?.()
  }

  callAll(name: string): void {
    for (const call of [...(this.#waiters.get(name) ?? [])]) call()
  }

  callEverybody(): void {
    for (const name of [...this.#waiters.keys()]) this.callAll(name)
  }
}
