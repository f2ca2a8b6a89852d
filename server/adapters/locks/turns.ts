import type { Clock } from '#server/ports/clock.ts'

export type Turn = {
  /** Resolves when called, also when that was before, and when the time is over; rejects with the signal's reason. */
  come(waitMs: number, signal?: AbortSignal): Promise<void>
  leave(): void
}

/** Those who wait for something that has a name, until they are called or their time is over. */
export class Turns {
  readonly #clock: Clock
  readonly #waiters = new Map<string, Set<() => void>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Stands in line from now on: who looks after this, and then waits, misses no call in between. */
  stand(name: string): Turn {
    const { promise: called, resolve } = Promise.withResolvers<void>()
    const queue = this.#waiters.get(name) ?? new Set()
    this.#waiters.set(name, queue.add(resolve))
    return {
      come: (waitMs, signal) => this.#come(called, waitMs, signal),
      leave: () => {
        queue.delete(resolve)
        if (queue.size === 0 && this.#waiters.get(name) === queue) this.#waiters.delete(name)
      },
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

  async #come(called: Promise<void>, waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = this.#clock.after(waitMs, resolve)
    const onAbort = () => reject(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      await Promise.race([called, promise])
    } finally {
      timer.cancel()
      signal?.removeEventListener('abort', onAbort)
    }
  }
}
