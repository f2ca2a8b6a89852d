import { type ByteRange, type ByteRanges, missingRanges } from '#server/lib/byte-ranges.ts'

/** A block that is on its way to its place. */
export class Arrival {
  readonly range: ByteRange
  readonly #gone = Promise.withResolvers<void>()
  readonly #abort: () => void
  movedMs: number
  /** Somebody else has taken over, or nobody wants it any more: what it brought so far is not to be counted. */
  isOver = false

  constructor(range: ByteRange, nowMs: number, abort: () => void) {
    this.range = range
    this.movedMs = nowMs
    this.#abort = abort
  }

  /** Resolves when it writes no more. */
  get left(): Promise<void> {
    return this.#gone.promise
  }

  leave(): void {
    this.#gone.resolve()
  }

  end(): Promise<void> {
    this.isOver = true
    this.#abort()
    return this.left
  }
}

/** Nothing has moved for so long: the next connection that brings these bytes takes them over. */
const stalledMs = 1000

/** Which bytes are being brought, and by whom: no byte is written by two at a time. */
export class Arrivals {
  readonly #byTask = new Map<number, Set<Arrival>>()

  /**
   * Enters, unless another brings some of these bytes and moves: then that one is answered. The stalled ones are ended first. Between the look and
   * the entry nothing is awaited.
   */
  async claim(taskId: number, arrival: Arrival): Promise<Arrival | Disposable> {
    const { range, movedMs: nowMs } = arrival
    for (;;) {
      const met = [...(this.#byTask.get(taskId) ?? [])].filter((other) => other.range.start < range.end && range.start < other.range.end)
      const living = met.find((other) => nowMs - other.movedMs < stalledMs)
      const [stalled] = met
      if (living) return living
      if (!stalled) return this.#enter(taskId, arrival)
      await stalled.end()
    }
  }

  #enter(taskId: number, arrival: Arrival): Disposable {
    const set = this.#byTask.get(taskId) ?? new Set()
    this.#byTask.set(taskId, set.add(arrival))
    return {
      [Symbol.dispose]: () => {
        set.delete(arrival)
        if (set.size === 0 && this.#byTask.get(taskId) === set) this.#byTask.delete(taskId)
        arrival.leave()
      },
    }
  }

  /** Of the ranges that are missing, those that nobody brings. */
  without(taskId: number, missing: ByteRanges): ByteRanges {
    const brought = [...(this.#byTask.get(taskId) ?? [])].map(({ range }) => range).toSorted((a, b) => a.start - b.start)
    return missing.flatMap((range) => missingRanges(brought, range))
  }

  async endAll(taskId: number): Promise<void> {
    await Promise.all([...(this.#byTask.get(taskId) ?? [])].map((arrival) => arrival.end()))
  }
}
