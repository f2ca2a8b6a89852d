import type { Limit, LimitDecision } from '#server/lib/gcra.ts'

export type { Limit, LimitDecision }

/**
 * Rates, by GCRA: the same decisions in memory and in Redis. Never waits long: where the shared store does not answer, each process limits by itself
 * until it does. Left out: fairness between those who wait.
 */
export interface Limiter {
  /** Takes `cost` (1) from the allowance under `key`. A refusal takes nothing. `cost: 0` only looks. */
  take(key: string, limit: Limit, cost?: number): Promise<LimitDecision>
  /** Forgets what was taken under `key`. */
  reset(key: string): Promise<void>
  close(): Promise<void>
}
