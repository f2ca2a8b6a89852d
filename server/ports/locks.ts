/**
 * One holder at a time, as long as clocks and lines behave: a lease that is renewed while it is held. Because they may not behave, each lock
 * carries a fencing number that only grows: what is guarded must refuse a lower one than it has seen.
 * Left out: an order among those who wait, and a lock taken twice by the same holder.
 */
export interface Locks {
  /** Undefined when somebody else holds it. With `waitMs` it waits so long for its turn. Rejects with `unavailable` when nobody can say who holds it. */
  acquire(name: string, options: { leaseMs: number; waitMs?: number; signal?: AbortSignal }): Promise<Lock | undefined>
  close(): Promise<void>
}

export interface Lock extends AsyncDisposable {
  readonly name: string
  readonly fence: number
  /** Aborted as soon as the lease is known, or must be feared, to be lost. */
  readonly lost: AbortSignal
  /** Never throws: what could not be given back runs out by itself. */
  release(): Promise<void>
}
