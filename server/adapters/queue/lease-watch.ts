import type { Clock } from '#server/ports/clock.ts'
import type { Lease } from './backend.ts'

/** More than clocks are slewed by. */
const jumpMs = 1000

type Sight = { fence: number; ends: number; sinceMonotonicMs: number }

/**
 * Finds leases whose holder has fallen silent. The wall clock is believed at first sight only, and only as long as it has not been seen to jump, so
 * that what died before we came is given on at once; else a lease ends when it has stood unrenewed for its whole length on our own
 * monotonic clock. So no jump of a clock takes a task from a holder that lives.
 */
export class LeaseWatch {
  readonly #clock: Pick<Clock, 'now' | 'monotonicMs'>
  readonly #offsetMs: number
  #seen = new Map<string, Sight>()

  constructor(clock: Pick<Clock, 'now' | 'monotonicMs'>) {
    this.#clock = clock
    this.#offsetMs = clock.now() - clock.monotonicMs()
  }

  silent(leases: readonly Lease[]): Lease[] {
    const monotonicMs = this.#clock.monotonicMs()
    const hasJumped = Math.abs(this.#clock.now() - monotonicMs - this.#offsetMs) > jumpMs
    const seen = new Map<string, Sight>()
    const silent = leases.filter((lease) => {
      const before = this.#seen.get(lease.id)
      const isSame = before?.fence === lease.fence && before.ends === lease.ends
      const sight = isSame ? before : { fence: lease.fence, ends: lease.ends, sinceMonotonicMs: monotonicMs }
      seen.set(lease.id, sight)
      if (before) return monotonicMs - sight.sinceMonotonicMs >= lease.leaseMs
      return lease.isPast && !hasJumped
    })
    this.#seen = seen
    return silent
  }
}
