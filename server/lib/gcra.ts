/** GCRA: `burst` at once (`count` unless told), then one each `periodMs / count`. */
export type Limit = { count: number; periodMs: number; burst?: number }

/** `limit` is what may be taken at once, `remaining` what may be taken now; all is as if untouched after `resetMs`. */
export type LimitDecision = { allowed: boolean; limit: number; remaining: number; retryAfterMs: number; resetMs: number }

/**
 * The generic cell rate algorithm. All there is to remember of a key is one number, its theoretical arrival time: when the allowance will be whole
 * again, which is kept whatever the decision. `undefined` or the past: whole now. The Lua script of the Redis limiter does the same steps on the same doubles.
 */
export function takeByGcra(
  arrivalMs: number | undefined,
  nowMs: number,
  limit: Limit,
  cost: number,
): { arrivalMs: number; decision: LimitDecision } {
  const burst = limit.burst ?? limit.count
  const eachMs = limit.periodMs / limit.count
  const toleranceMs = burst * eachMs
  // Never later than now + tolerance: a clock that was set back, or a limit that was lowered, costs one period at most and not for ever.
  const beforeMs = Math.min(Math.max(arrivalMs ?? nowMs, nowMs), nowMs + toleranceMs)
  const afterMs = beforeMs + cost * eachMs
  const excessMs = afterMs - nowMs - toleranceMs
  // Sums of doubles near 10^12 are exact to a fraction of a microsecond; less than that is nobody's fault.
  const allowed = excessMs <= slackMs
  const keptMs = allowed ? afterMs : beforeMs
  return {
    arrivalMs: keptMs,
    decision: {
      allowed,
      limit: burst,
      remaining: Math.max(0, Math.floor((toleranceMs - (keptMs - nowMs) + slackMs) / eachMs)),
      retryAfterMs: allowed ? 0 : excessMs,
      resetMs: Math.max(0, keptMs - nowMs),
    },
  }
}

const slackMs = 0.001

/** Zero or less would divide by zero or let everything pass, and a cost above the burst could never be paid: faults of the code, said at once. */
export function checkLimit(limit: Limit, cost: number): void {
  const { count, periodMs, burst = count } = limit
  const isLimit = [count, periodMs, burst].every((n) => Number.isFinite(n) && n > 0)
  const isPayable = cost >= 0 && cost <= burst
  if (!isLimit || !isPayable) throw new RangeError(`Not a limit that can be kept: ${JSON.stringify({ ...limit, cost })}`)
}
