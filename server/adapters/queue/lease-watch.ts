import type { Lease } from './backend.ts'

type Sight = { fence: number; ends: number; sinceMonotonicMs: number }

/**
 * Finds leases whose holder has fallen silent. The wall clock is believed once, at first sight, so that what died before we came is given
 * on at once; from then on a lease ends when it has stood unrenewed for its whole length on our own monotonic clock, so that no jump of
 * a clock takes a task from a holder that lives.
 */
export class LeaseWatch {
  #seen = new Map<string, Sight>()

  silent(leases: readonly Lease[], monotonicMs: number): Lease[] {
    const seen = new Map<string, Sight>()
    const silent = leases.filter((lease) => {
      const before = this.#seen.get(lease.id)
      const isSame = before?.fence === lease.fence && before.ends === lease.ends
      const sight = isSame ? before : { fence: lease.fence, ends: lease.ends, sinceMonotonicMs: monotonicMs }
      seen.set(lease.id, sight)
      return before ? monotonicMs - sight.sinceMonotonicMs >= lease.leaseMs : lease.isPast
    })
    this.#seen = seen
    return silent
  }
}
