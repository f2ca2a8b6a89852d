export type SeatLimits = { streams: number; streamsPerPerson: number }
type Seat = { person: string | undefined; untilMs: number; isOpen: boolean }

/**
 * The bucket of tokens: a seat is a viewer, not a request. A response holds one until it ends (`open`), a playback on a lease that each
 * of its requests renews. Who already sits is never refused, and nobody waits here.
 */
export class Seats {
  readonly #limits: () => SeatLimits
  readonly #leaseMs: number
  readonly #seats = new Map<string, Seat>()

  constructor(limits: () => SeatLimits, leaseMs = 30_000) {
    this.#limits = limits
    this.#leaseMs = leaseMs
  }

  /** Strangers have no `person`: an address may be a whole school. */
  take(viewer: string, { person, isOpen, nowMs }: { person: string | undefined; isOpen: boolean; nowMs: number }): boolean {
    const known = this.#seats.get(viewer)
    if (!known || this.#isOver(known, nowMs)) {
      this.#sweep(nowMs)
      const { streams, streamsPerPerson } = this.#limits()
      if (this.#seats.size >= streams) return false
      if (person !== undefined && this.#heldBy(person) >= streamsPerPerson) return false
    }
    this.#seats.set(viewer, { person, untilMs: nowMs + this.#leaseMs, isOpen })
    return true
  }

  leave(viewer: string): void {
    this.#seats.delete(viewer)
  }

  #sweep(nowMs: number): void {
    for (const [viewer, seat] of this.#seats) if (this.#isOver(seat, nowMs)) this.#seats.delete(viewer)
  }

  #isOver = ({ isOpen, untilMs }: Seat, nowMs: number) => !isOpen && untilMs <= nowMs

  #heldBy(person: string): number {
    let held = 0
    for (const seat of this.#seats.values()) if (seat.person === person) held++
    return held
  }
}
