import type { Clock } from '#server/ports/clock.ts'

const slots = 256

/**
 * One timer for any number of things that are due some day soon, right to one tick. `visit` says in how many milliseconds it wants the item
 * again; undefined lets it go. Nothing is ever taken out: who is gone says undefined when its turn comes.
 */
export class Wheel<T> {
  readonly #clock: Clock
  readonly #tickMs: number
  readonly #visit: (item: T) => number | undefined
  readonly #afterTick: (() => void) | undefined
  #slots: T[][] = Array.from({ length: slots }, () => [])
  #at = 0
  #timer: { cancel(): void } | undefined

  constructor(parts: { clock: Clock; tickMs: number; visit: (item: T) => number | undefined; afterTick?: () => void }) {
    this.#clock = parts.clock
    this.#tickMs = parts.tickMs
    this.#visit = parts.visit
    this.#afterTick = parts.afterTick
    this.#arm()
  }

  /** At most `slots` ticks ahead; what is asked later comes then and may ask again. */
  in(ms: number, item: T): void {
    const ticks = Math.min(Math.max(1, Math.round(ms / this.#tickMs)), slots - 1)
    this.#slots[(this.#at + ticks) % slots]?.push(item)
  }

  stop(): void {
    this.#timer?.cancel()
    this.#slots = []
  }

  #arm(): void {
    this.#timer = this.#clock.after(this.#tickMs, () => {
      this.#arm()
      this.#tick()
    })
  }

  #tick(): void {
    this.#at = (this.#at + 1) % slots
    const due = this.#slots[this.#at] ?? []
    this.#slots[this.#at] = []
    for (const item of due) {
      const againMs = this.#visit(item)
      if (againMs !== undefined) this.in(againMs, item)
    }
    this.#afterTick?.()
  }
}
