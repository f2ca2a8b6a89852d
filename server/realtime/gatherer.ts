import type { Clock } from '#server/ports/clock.ts'
import { type Entry, Gathered } from './gathered.ts'

/** What is longer leaves before its time. */
const fullBytes = 65_536

/**
 * Gathers what is said on one topic for at most `gatherMs`: the first word after a silence leaves at once, what follows it closely leaves together.
 * A room of a thousand at 200 words a second then costs 50 writes a member and second, and a quiet room waits for nothing.
 */
export class Gatherer {
  readonly #clock: Clock
  readonly #gatherMs: number
  readonly #due: { gathering: Gathering; atMs: number }[] = []
  #isArmed = false

  constructor(parts: { clock: Clock; gatherMs: number }) {
    this.#clock = parts.clock
    this.#gatherMs = parts.gatherMs
  }

  open(flush: (gathered: Gathered) => void): Gathering {
    return new Gathering(flush, this)
  }

  schedule(gathering: Gathering): void {
    const nowMs = this.#clock.monotonicMs()
    if (nowMs - gathering.leftMs >= this.#gatherMs) {
      setImmediate(() => gathering.flush(this.#clock.monotonicMs()))
      return
    }
    // All wait equally long, hence first come, first served.
    this.#due.push({ gathering, atMs: nowMs + this.#gatherMs })
    this.#arm()
  }

  #arm(): void {
    const [next] = this.#due
    if (this.#isArmed || !next) return
    this.#isArmed = true
    this.#clock.after(Math.max(0, next.atMs - this.#clock.monotonicMs()), () => {
      this.#isArmed = false
      const nowMs = this.#clock.monotonicMs()
      // Timers fire on whole milliseconds: what is due within this one goes along.
      const left = this.#due.findIndex(({ atMs }) => atMs > nowMs + 1)
      for (const { gathering } of this.#due.splice(0, left === -1 ? this.#due.length : left)) gathering.flush(nowMs)
      this.#arm()
    })
  }
}

export class Gathering {
  /** When something left the last time. */
  leftMs = Number.NEGATIVE_INFINITY
  readonly #flush: (gathered: Gathered) => void
  readonly #gatherer: Gatherer
  #entries: Entry[] = []
  #bytes = 0
  #isScheduled = false

  constructor(flush: (gathered: Gathered) => void, gatherer: Gatherer) {
    this.#flush = flush
    this.#gatherer = gatherer
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
    this.#flush(gathered)
  }
}
