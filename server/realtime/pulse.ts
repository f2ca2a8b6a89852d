import type { Clock } from '#server/ports/clock.ts'
import type { Connection } from './connection.ts'
import { Wheel } from './wheel.ts'

export type PulseTimes = { beatMs: number; deadMs: number }

/**
 * F7: each line is asked for a sign of life every 20 seconds and given up 45 seconds after its last one. What is due within one tick is handed on together.
 */
export class Pulse {
  readonly #clock: Clock
  readonly #times: PulseTimes
  readonly #wheel: Wheel<Connection>
  readonly #beat: (due: readonly Connection[]) => void
  readonly #dead: (connection: Connection) => void
  #due: Connection[] = []

  constructor(parts: {
    clock: Clock
    times: PulseTimes
    beat: (due: readonly Connection[]) => void
    dead: (connection: Connection) => void
  }) {
    this.#clock = parts.clock
    this.#times = parts.times
    this.#beat = parts.beat
    this.#dead = parts.dead
    this.#wheel = new Wheel({
      clock: parts.clock,
      tickMs: parts.times.beatMs / 80,
      visit: (connection) => this.#visit(connection),
      afterTick: () => this.#beatDue(),
    })
  }

  add(connection: Connection): void {
    this.#wheel.in(this.#times.beatMs, connection)
  }

  #visit(connection: Connection): number | undefined {
    if (connection.isGone) return undefined
    const silentMs = this.#clock.monotonicMs() - connection.heardMs
    if (silentMs >= this.#times.deadMs) {
      this.#dead(connection)
      return undefined
    }
    this.#due.push(connection)
    return Math.min(this.#times.beatMs, this.#times.deadMs - silentMs)
  }

  #beatDue(): void {
    const due = this.#due
    this.#due = []
    if (due.length > 0) this.#beat(due)
  }

  stop(): void {
    this.#wheel.stop()
  }
}
