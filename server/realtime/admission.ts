import { Problem } from '#server/lib/problem.ts'
import type { Clock } from '#server/ports/clock.ts'

const atOnce = 32
const perTurn = 8
const waitingAtMost = 20_000
const longestWaitMs = 10_000

type Waiting = { enter(): void; refuse(): void; isOver: boolean }

/**
 * After a restart all clients come at once (F15). Handshakes then stand in line: a few at a time ask the session store, a few are let in per turn of
 * the event loop, so that HTTP is served between them, and whoever would wait too long is told when to come back.
 */
export class Admission {
  readonly #clock: Clock
  readonly #line: Waiting[] = []
  #busy = 0
  #isTurning = false
  #isClosed = false

  constructor(parts: { clock: Clock }) {
    this.#clock = parts.clock
  }

  get waiting(): number {
    return this.#line.length
  }

  async pass<T>(act: () => Promise<T>): Promise<T> {
    await this.#wait()
    try {
      return await act()
    } finally {
      this.#busy--
      this.#turn()
    }
  }

  #wait(): Promise<void> {
    if (this.#isClosed || this.#line.length >= waitingAtMost) return Promise.reject(comeLater())
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = this.#clock.after(longestWaitMs, () => waiting.refuse())
    const waiting: Waiting = {
      isOver: false,
      enter: () => {
        timer.cancel()
        resolve()
      },
      refuse: () => {
        timer.cancel()
        waiting.isOver = true
        reject(comeLater())
      },
    }
    this.#line.push(waiting)
    this.#turn()
    return promise
  }

  /** This process ends: everybody is sent to another. */
  close(): void {
    this.#isClosed = true
    for (const waiting of this.#line.splice(0)) waiting.refuse()
  }

  #turn(): void {
    if (this.#isTurning || this.#line.length === 0) return
    this.#isTurning = true
    setImmediate(() => {
      this.#isTurning = false
      for (let entered = 0; entered < perTurn && this.#busy < atOnce; ) {
        const next = this.#line.shift()
        if (!next) return
        if (next.isOver) continue
        this.#busy++
        entered++
        next.enter()
      }
      this.#turn()
    })
  }
}

/** Not all at the same moment again. */
function comeLater(): Problem {
  return new Problem('unavailable', 'socket.crowded', { retryAfterMs: 1_000 + Math.floor(Math.random() * 9_000) })
}
