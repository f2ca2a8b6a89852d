import { LRUCache } from 'lru-cache'

export type Entry = {
  value: unknown
  /** When the load began that read it from the source, by the monotonic clock. */
  bornMs: number
  /** When it was last known that nothing it stands on had been written. */
  checkedMs: number
  sizeBytes: number
  tags: readonly string[]
  /** After a refresh that failed, the next one waits. */
  refreshAfterMs: number
}

/** One load that everybody waits for. Void: something it read has been written since, so that its value is for those who asked before, and for nobody else. */
export type Flight = { tags: readonly string[]; isVoid: boolean; landing: Promise<unknown> }

/** What one process holds: entries bounded in bytes, the flights under way, and which of both carry a tag. */
export class LocalLayer {
  readonly #entries: LRUCache<string, Entry>
  readonly #keysByTag = new Map<string, Set<string>>()
  readonly #flights = new Map<string, Flight>()
  /** Flights whose key has already been given to a newer one still must be told. */
  readonly #flying = new Set<Flight>()

  constructor(maxBytes: number) {
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      // One page that is bigger than this would push out hundreds of others.
      maxEntrySize: Math.max(1, Math.floor(maxBytes / 8)),
      sizeCalculation: (entry, key) => entry.sizeBytes + key.length * 2,
      dispose: (entry, key) => this.#untag(key, entry.tags),
    })
  }

  get bytes(): number {
    return this.#entries.calculatedSize
  }

  get size(): number {
    return this.#entries.size
  }

  find(key: string): Entry | undefined {
    return this.#entries.get(key)
  }

  keep(key: string, entry: Entry): void {
    this.#entries.set(key, entry)
    if (this.#entries.peek(key) !== entry) return
    for (const tag of entry.tags) {
      const keys = this.#keysByTag.get(tag)
      if (keys) keys.add(key)
      else this.#keysByTag.set(tag, new Set([key]))
    }
  }

  /** Joins the flight under `key`, or starts one. */
  fly(key: string, tags: readonly string[], start: (flight: Flight) => Promise<unknown>): Promise<unknown> {
    const under = this.#flights.get(key)
    if (under) return under.landing
    const flight: Flight = { tags, isVoid: false, landing: Promise.resolve() }
    this.#flights.set(key, flight)
    this.#flying.add(flight)
    flight.landing = start(flight).finally(() => {
      this.#flying.delete(flight)
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    })
    return flight.landing
  }

  isFlying(key: string): boolean {
    return this.#flights.has(key)
  }

  forget(tags: readonly string[]): void {
    for (const tag of tags) {
      for (const key of [...(this.#keysByTag.get(tag) ?? [])]) this.#entries.delete(key)
    }
    this.#void((flight) => flight.tags.some((tag) => tags.includes(tag)))
  }

  forgetAll(): void {
    this.#entries.clear()
    this.#void(() => true)
  }

  #void(isMeant: (flight: Flight) => boolean): void {
    for (const flight of this.#flying) if (isMeant(flight)) flight.isVoid = true
    // Who asks from now on does not join a void flight: it starts anew.
    for (const [key, flight] of this.#flights) if (flight.isVoid) this.#flights.delete(key)
  }

  #untag(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const keys = this.#keysByTag.get(tag)
      keys?.delete(key)
      if (keys?.size === 0) this.#keysByTag.delete(tag)
    }
  }
}
