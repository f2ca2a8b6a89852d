import type { Clock } from '#server/ports/clock.ts'
import { type Entry, Gathered } from './gathered.ts'

/** What is longer leaves before its time. */
const fullBytes = 65_536

/** Of more readers than so many, each has more to wait for. */
const readersAtEase = 1000
/** With what timers are late by, still the 50 ms that are promised. */
const longestMs = 45

/**
 * Gathers what is said on one topic for at most `gatherMs`: the first word after a silence leaves at once, what follows it closely leaves together.
 * A room of a thousand at 200 words a second then costs 50 writes a member and second, and a quiet room waits for nothing. A larger room waits in
 * proportion, so that no room costs more writes a second than one of a thousand, up to the longest wait.
 */
export class Gatherer {
  readonly #clock: Clock
  readonly #gatherMs: number

  constructor(parts: { clock: Clock; gatherMs: number }) {
    this.#clock = parts.clock
    this.#gatherMs = parts.gatherMs
  }

  open(parts: { flush: (gathered: Gathered) => void; readers: () => number }): Gathering {
    return new Gathering(parts, this)
  }

  schedule(gathering: Gathering): void {
    const waitMs = Math.max(this.#gatherMs, Math.min(longestMs, Math.round((this.#gatherMs * gathering.readers) / readersAtEase)))
    const flush = () => gathering.flush(this.#clock.monotonicMs())
    if (this.#clock.monotonicMs() - gathering.leftMs >= waitMs) setImmediate(flush)
    else this.#clock.after(waitMs, flush)
  }
}

export class Gathering {
  /** When something left the last time. */
  leftMs = Number.NEGATIVE_INFINITY
  readonly #parts: { flush: (gathered: Gathered) => void; readers: () => number }
  readonly #gatherer: Gatherer
  #entries: Entry[] = []
  #bytes = 0
  #isScheduled = false

  constructor(parts: { flush: (gathered: Gathered) => void; readers: () => number }, gatherer: Gatherer) {
    this.#parts = parts
    this.#gatherer = gatherer
  }

  get readers(): number {
    return this.#parts.readers()
  }

  add(entry: Entry): void {
    if (entry.key !== undefined) this.#entries = this.#entries.filter(({ key }) => key !== entry.key)
    this.#entries.push(entry)
    this.#bytes += entry.text.length
    if (this.#bytes > fullBytes) this.flush(this.leftMs)
    else if (!this.#isScheduled) {
      this.#isScheduled = true
      this.#gatherer.schedule(this)
    }
  }

  flush(nowMs: number): void {
    this.#isScheduled = false
    if (this.#entries.length === 0) return
    this.leftMs = nowMs
    const gathered = new Gathered(this.#entries)
    this.#entries = []
    this.#bytes = 0
    this.#parts.flush(gathered)
  }
}
