import { type Limit, type LimitDecision, takeByGcra } from '#server/lib/gcra.ts'

/**
 * What keeps one caller from taking a whole process: counted here, in this process, without asking anybody, on every request. Limits that
 * must be exact over all processes are those a route declares; they go through the port.
 */
export class FloodGuard {
  readonly #arrivals = new Map<string, number>()
  readonly #maxKeys: number
  readonly #now: () => number

  constructor(parts: { now: () => number; maxKeys?: number }) {
    this.#now = parts.now
    this.#maxKeys = parts.maxKeys ?? 100_000
  }

  take(key: string, limit: Limit): LimitDecision {
    const { arrivalMs, decision } = takeByGcra(this.#arrivals.get(key), this.#now(), limit, 1)
    if (!decision.allowed) return decision
    this.#arrivals.set(key, arrivalMs)
    if (this.#arrivals.size > this.#maxKeys) this.#forgetOldest()
    return decision
  }

  get size(): number {
    return this.#arrivals.size
  }

  /** Those that are whole again first; if there are none, a crowd is attacking, and whoever came first begins anew. */
  #forgetOldest(): void {
    const nowMs = this.#now()
    let looks = 0
    for (const [key, arrivalMs] of this.#arrivals) {
      if (arrivalMs <= nowMs || this.#arrivals.size > this.#maxKeys) this.#arrivals.delete(key)
      if (++looks >= 16) return
    }
  }
}
