import { randomUUID } from 'node:crypto'

export type SeatLimits = { streams: number; streamsPerPerson: number }
/** Who sits, and what a person would know it by. */
export type Sitting = { person: string | undefined; videoId: string; device: string; isOpen: boolean; nowMs: number; end?: () => void }
export type SeatView = { id: string; videoId: string; device: string; sinceMs: number }
type Seat = Omit<Sitting, 'nowMs'> & { id: string; sinceMs: number; untilMs: number }
export type Taken = 'taken' | 'full' | 'too many of one person' | 'ended'

/**
 * The bucket of tokens: a seat is a viewer, not a request. A response holds one until it ends (`open`), a playback on a lease that each
 * of its requests renews. Who already sits is never refused, and nobody waits here.
 */
export class Seats {
  readonly #limits: () => SeatLimits
  readonly #leaseMs: number
  readonly #seats = new Map<string, Seat>()
  /** Ended from elsewhere: for a while they may not come back by themselves. */
  readonly #ended = new Map<string, number>()

  constructor(limits: () => SeatLimits, leaseMs = 30_000) {
    this.#limits = limits
    this.#leaseMs = leaseMs
  }

  /** Strangers have no `person`: an address may be a whole school. */
  take(viewer: string, sitting: Sitting): Taken {
    const { nowMs, person } = sitting
    const known = this.#seats.get(viewer)
    if ((this.#ended.get(viewer) ?? 0) > nowMs) return 'ended'
    const isNew = !known || this.#isOver(known, nowMs)
    if (isNew) {
      this.#sweep(nowMs)
      const { streams, streamsPerPerson } = this.#limits()
      if (person !== undefined && this.#of(person).length >= streamsPerPerson) return 'too many of one person'
      if (this.#seats.size >= streams) return 'full'
    }
    const [id, sinceMs] = isNew ? [randomUUID(), nowMs] : [known.id, known.sinceMs]
    this.#seats.set(viewer, { ...sitting, id, sinceMs, untilMs: nowMs + this.#leaseMs })
    return 'taken'
  }

  leave(viewer: string): void {
    this.#seats.delete(viewer)
  }

  /** Of one person, the oldest first. */
  list(person: string, nowMs: number): SeatView[] {
    this.#sweep(nowMs)
    return this.#of(person).map(({ id, videoId, device, sinceMs }) => ({ id, videoId, device, sinceMs }))
  }

  /** False: this person has no such seat. */
  end(person: string, id: string, nowMs: number): boolean {
    const [viewer, seat] = [...this.#seats].find(([, one]) => one.id === id && one.person === person) ?? []
    if (viewer === undefined || !seat) return false
    this.#seats.delete(viewer)
    this.#ended.set(viewer, nowMs + 2 * this.#leaseMs)
    seat.end?.()
    return true
  }

  figures(nowMs: number): { held: number; limit: number } {
    this.#sweep(nowMs)
    return { held: this.#seats.size, limit: this.#limits().streams }
  }

  #sweep(nowMs: number): void {
    for (const [viewer, seat] of this.#seats) if (this.#isOver(seat, nowMs)) this.#seats.delete(viewer)
    for (const [viewer, untilMs] of this.#ended) if (untilMs <= nowMs) this.#ended.delete(viewer)
  }

  #isOver = ({ isOpen, untilMs }: Seat, nowMs: number) => !isOpen && untilMs <= nowMs

  #of = (person: string) => [...this.#seats.values()].filter((seat) => seat.person === person)
}
