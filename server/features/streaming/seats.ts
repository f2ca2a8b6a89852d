import { randomUUID } from 'node:crypto'

export type SeatLimits = { streams: number; streamsPerPerson: number }
/** Who sits, and what a person would know it by. */
export type Sitting = { person: string | undefined; videoId: string; device: string; isOpen: boolean; nowMs: number; end?: () => void }
/** What other processes are told of a person's seat. */
export type SeatWord = {
  name: string
  person: string
  id: string
  videoId: string
  device: string
  sinceMs: number
  /** How long it is held from now on, unless more is heard. */
  leaseMs: number
}
export type SeatView = { id: string; videoId: string; device: string; sinceMs: number }
/** `hereMs`: until when it counts for this server; others' seats count for their person alone. */
type Seat = Omit<Sitting, 'nowMs'> & { id: string; sinceMs: number; untilMs: number; hereMs: number }
export type Taken = 'taken' | 'full' | 'too many of one person' | 'ended'

/**
 * The bucket of tokens: a seat is a viewer, not a request. A response holds one until it ends (`open`), a playback on a lease that each
 * of its requests renews. Who already sits is never refused, and nobody waits here. People's seats at other processes are known by hearsay.
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
      if (this.#here(nowMs).length >= streams) return 'full'
    }
    const [id, sinceMs] = isNew ? [randomUUID(), nowMs] : [known.id, known.sinceMs]
    this.#seats.set(viewer, { ...sitting, id, sinceMs, untilMs: nowMs + this.#leaseMs, hereMs: nowMs + this.#leaseMs })
    return 'taken'
  }

  /** Who sits stays for another lease. False: who wants to sit has to take a seat. */
  renew(viewer: string, nowMs: number): boolean {
    const known = this.#seats.get(viewer)
    if (!known || known.hereMs <= nowMs) return false
    known.untilMs = known.hereMs = nowMs + this.#leaseMs
    return true
  }

  leave(viewer: string): void {
    this.#seats.delete(viewer)
  }

  /** What others should know: undefined where nobody sits, or nobody whom they could know. */
  wordOf(viewer: string): SeatWord | undefined {
    const seat = this.#seats.get(viewer)
    if (!seat || seat.person === undefined) return undefined
    const { person, id, videoId, device, sinceMs } = seat
    return { name: viewer, person, id, videoId, device, sinceMs, leaseMs: this.#leaseMs }
  }

  /** Responses that are under way: their leases are renewed for others as long as they last. */
  openHere = (): string[] => [...this.#seats].filter(([, seat]) => seat.isOpen).map(([viewer]) => viewer)

  /** Somebody sits at another process. Whoever sits here as well keeps the older of both seats. */
  hear({ name, leaseMs, ...said }: SeatWord, nowMs: number): void {
    const known = this.#seats.get(name)
    const untilMs = nowMs + leaseMs
    if (!known || this.#isOver(known, nowMs)) return void this.#seats.set(name, { ...said, isOpen: false, untilMs, hereMs: 0 })
    const older = said.sinceMs < known.sinceMs || (said.sinceMs === known.sinceMs && said.id < known.id) ? said : known
    this.#seats.set(name, { ...known, id: older.id, sinceMs: older.sinceMs, untilMs: Math.max(known.untilMs, untilMs) })
  }

  /** Left at another process; a playback that is here as well stays. */
  hearLeft(viewer: string, nowMs: number): void {
    const known = this.#seats.get(viewer)
    if (known && !known.isOpen && known.hereMs <= nowMs) this.#seats.delete(viewer)
  }

  /** Of one person, the oldest first. */
  list(person: string, nowMs: number): SeatView[] {
    this.#sweep(nowMs)
    const seats = this.#of(person).toSorted((a, b) => a.sinceMs - b.sinceMs)
    return seats.map(({ id, videoId, device, sinceMs }) => ({ id, videoId, device, sinceMs }))
  }

  /** Answers whose it was; undefined: this person has no such seat. */
  end(person: string, id: string, nowMs: number): string | undefined {
    const [viewer] = [...this.#seats].find(([, one]) => one.id === id && one.person === person) ?? []
    if (viewer !== undefined) this.endOf(viewer, nowMs)
    return viewer
  }

  endOf(viewer: string, nowMs: number): void {
    const seat = this.#seats.get(viewer)
    this.#seats.delete(viewer)
    this.#ended.set(viewer, nowMs + 2 * this.#leaseMs)
    seat?.end?.()
  }

  figures(nowMs: number): { held: number; limit: number } {
    this.#sweep(nowMs)
    return { held: this.#here(nowMs).length, limit: this.#limits().streams }
  }

  #sweep(nowMs: number): void {
    for (const [viewer, seat] of this.#seats) if (this.#isOver(seat, nowMs)) this.#seats.delete(viewer)
    for (const [viewer, untilMs] of this.#ended) if (untilMs <= nowMs) this.#ended.delete(viewer)
  }

  #isOver = ({ isOpen, untilMs }: Seat, nowMs: number) => !isOpen && untilMs <= nowMs

  #here = (nowMs: number) => [...this.#seats.values()].filter(({ isOpen, hereMs }) => isOpen || hereMs > nowMs)

  #of = (person: string) => [...this.#seats.values()].filter((seat) => seat.person === person)
}
