/** GCRA: `burst` at once, then one each `periodMs / count`. The same decisions in memory and in Redis. */
export type Limit = { count: number; periodMs: number; burst?: number }

export type LimitDecision = { allowed: boolean; limit: number; remaining: number; retryAfterMs: number; resetMs: number }

export interface Limiter {
  /** Takes `cost` (1) from the allowance under `key`. A refusal takes nothing. `cost: 0` only looks. */
  take(key: string, limit: Limit, cost?: number): Promise<LimitDecision>
  /** Forgets what was taken under `key`. */
  reset(key: string): Promise<void>
  close(): Promise<void>
}
