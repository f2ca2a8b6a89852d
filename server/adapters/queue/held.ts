import type { Json } from '#server/lib/json.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { HeldTask, Task } from '#server/ports/queue.ts'
import type { Beat, End, Outcome, TakenTask } from './backend.ts'

/** Where a holder's orders go. They are repeated while the store cannot be reached, until `untilMonotonicMs`; then the answer is false. */
export type Desk = {
  end(end: End, untilMonotonicMs: number): Promise<boolean>
  beat(beat: Beat, untilMonotonicMs: number): Promise<boolean>
  /** It is held no more. */
  leave(held: Held): void
}

/** A lease in this process. It ends by our own monotonic clock before anybody else may believe that it has ended. */
export class Held implements HeldTask {
  readonly task: Task
  readonly fence: number
  readonly #leaseMs: number
  readonly #clock: Clock
  readonly #desk: Desk
  readonly #abort = new AbortController()
  #endsMonotonicMs: number
  #alarm: { cancel(): void }
  #isOver = false

  constructor(taken: TakenTask, lease: { leaseMs: number; sinceMonotonicMs: number }, clock: Clock, desk: Desk) {
    this.task = taken.task
    this.fence = taken.fence
    this.#leaseMs = lease.leaseMs
    this.#clock = clock
    this.#desk = desk
    this.#endsMonotonicMs = lease.sinceMonotonicMs + lease.leaseMs
    this.#alarm = this.#setAlarm()
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  get isLive(): boolean {
    return !this.#isOver
  }

  async beat(progress?: Json): Promise<boolean> {
    if (this.#isOver) return false
    const sinceMonotonicMs = this.#clock.monotonicMs()
    const { id, kind } = this.task
    const beat = { id, kind, fence: this.fence, leaseMs: this.#leaseMs, ...(progress === undefined ? {} : { progress }) }
    const isOurs = await this.#desk.beat(beat, this.#endsMonotonicMs)
    if (isOurs) this.#endsMonotonicMs = sinceMonotonicMs + this.#leaseMs
    else this.lose('the lease is lost')
    return isOurs
  }

  done(progress?: Json): Promise<boolean> {
    return this.#end(progress === undefined ? { to: 'done' } : { to: 'done', progress })
  }

  fail(reason: string, { delayMs, park }: { delayMs: number; park: boolean }): Promise<boolean> {
    const isSpent = park || this.task.attempt >= this.task.maxAttempts
    return this.#end(isSpent ? { to: 'parked', reason } : { to: 'back', reason, delayMs, uncount: false })
  }

  release(): Promise<boolean> {
    return this.#end({ to: 'back', reason: this.task.reason, delayMs: 0, uncount: true })
  }

  /** [Q6] What is held no more cannot be ended any more. */
  lose(why: string): void {
    if (this.#isOver) return
    this.#close()
    this.#abort.abort(new Error(why))
  }

  async #end(outcome: Outcome): Promise<boolean> {
    if (this.#isOver) return false
    this.#close()
    const { id, kind } = this.task
    return this.#desk.end({ id, kind, fence: this.fence, outcome }, this.#endsMonotonicMs)
  }

  #close(): void {
    this.#isOver = true
    this.#alarm.cancel()
    this.#desk.leave(this)
  }

  #setAlarm(): { cancel(): void } {
    return this.#clock.after(Math.max(0, this.#endsMonotonicMs - this.#clock.monotonicMs()), () => {
      if (this.#clock.monotonicMs() < this.#endsMonotonicMs) this.#alarm = this.#setAlarm()
      else this.lose('the lease has ended')
    })
  }
}
