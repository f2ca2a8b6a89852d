import { AsyncLocalStorage } from 'node:async_hooks'
import { backoffMs } from '#server/lib/backoff.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { AddedTask } from '#server/ports/queue.ts'
import type { Add, Answers, Backend, Beat, End, Taken } from './backend.ts'
import type { TakePlan } from './takers.ts'

type Pending<O, A> = { order: O; answer(answer: A): void; refuse(error: unknown): void }
type Lasting<O> = Pending<O, boolean> & { untilMonotonicMs: number }

export type Cargo = {
  plan(): TakePlan[]
  /** `sinceMonotonicMs`: from when the leases count. Answers what is to be given back, because nobody waits for it any more. */
  settle(plan: TakePlan, taken: Taken, sinceMonotonicMs: number): End[]
  failed(plans: readonly TakePlan[]): void
}

const retry = { firstMs: 20, mostMs: 1000 }

/**
 * One exchange with the store at a time, and all orders that come up meanwhile in the next: alone an order flies at once, in a crowd many
 * share one commit.
 */
export class Flights {
  readonly #backend: Backend
  readonly #clock: Clock
  readonly #cargo: Cargo
  #ends: Lasting<End>[] = []
  #beats: Lasting<Beat>[] = []
  #adds: Pending<Add, AddedTask>[] = []
  #state: 'idle' | 'due' | 'flying' | 'waiting' = 'idle'
  #isClosed = false
  #failures = 0
  #retry: { cancel(): void } | undefined
  #landed: (() => void)[] = []
  /** A flight carries the orders of many: it runs in nobody's context, least of all in somebody's transaction. */
  readonly #outside = AsyncLocalStorage.snapshot()

  constructor(backend: Backend, clock: Clock, cargo: Cargo) {
    this.#backend = backend
    this.#clock = clock
    this.#cargo = cargo
  }

  add(order: Add): Promise<AddedTask> {
    if (this.#isClosed) return Promise.reject(new Error('the queue is closed'))
    return this.#push(this.#adds, (pending) => ({ order, ...pending }))
  }

  end(order: End, untilMonotonicMs: number): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(false)
    return this.#push(this.#ends, (pending) => ({ order, untilMonotonicMs, ...pending }))
  }

  beat(order: Beat, untilMonotonicMs: number): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(false)
    return this.#push(this.#beats, (pending) => ({ order, untilMonotonicMs, ...pending }))
  }

  /** There may be a reason to fly. */
  kick(): void {
    if (this.#state === 'idle' && !this.#isClosed) this.#schedule()
  }

  /** The line stands again: nothing waits for its next try. */
  retryNow(): void {
    if (this.#state !== 'waiting') return
    this.#retry?.cancel()
    void this.#fly()
  }

  /** What has been ordered is still carried out, once. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#state === 'waiting') this.retryNow()
    else if (this.#state === 'idle' && this.#hasOrders()) this.#schedule()
    if (this.#state !== 'idle') await new Promise<void>((landed) => this.#landed.push(landed))
  }

  #schedule(): void {
    this.#state = 'due'
    setImmediate(() => this.#outside(() => void this.#fly()))
  }

  #hasOrders(): boolean {
    return this.#ends.length + this.#beats.length + this.#adds.length > 0
  }

  #push<P extends Pending<unknown, A>, A>(list: P[], make: (pending: Omit<Pending<never, A>, 'order'>) => P): Promise<A> {
    return new Promise<A>((answer, refuse) => {
      list.push(make({ answer, refuse }))
      this.kick()
    })
  }

  async #fly(): Promise<void> {
    this.#state = 'flying'
    const ends = this.#stillDue(this.#ends)
    const beats = this.#stillDue(this.#beats)
    const adds = this.#adds
    const takes = this.#isClosed ? [] : this.#cargo.plan()
    this.#ends = []
    this.#beats = []
    this.#adds = []
    if (ends.length + beats.length + adds.length + takes.length === 0) return this.#rest()
    const sinceMonotonicMs = this.#clock.monotonicMs()
    let answers: Answers
    try {
      answers = await this.#backend.exchange({ ends: ends.map(orderOf), beats: beats.map(orderOf), adds: adds.map(orderOf), takes })
    } catch (error) {
      this.#ends = [...ends, ...this.#ends]
      this.#beats = [...beats, ...this.#beats]
      for (const add of adds) add.refuse(error)
      this.#cargo.failed(takes)
      return this.#backOff()
    }
    this.#failures = 0
    deliver(ends, answers.ends)
    deliver(beats, answers.beats)
    deliver(adds, answers.adds)
    takes.forEach((plan, i) => {
      const taken = answers.takes[i]
      if (!taken) return
      const untilMonotonicMs = sinceMonotonicMs + plan.leaseMs
      for (const order of this.#cargo.settle(plan, taken, sinceMonotonicMs)) this.#ends.push({ order, untilMonotonicMs, ...unheard })
    })
    this.#land()
  }

  #land(): void {
    if (this.#isClosed && !this.#hasOrders()) this.#rest()
    else this.#schedule()
  }

  #rest(): void {
    this.#state = 'idle'
    for (const landed of this.#landed.splice(0)) landed()
  }

  #backOff(): void {
    if (this.#isClosed) {
      for (const pending of [...this.#ends.splice(0), ...this.#beats.splice(0)]) pending.answer(false)
      return this.#rest()
    }
    this.#state = 'waiting'
    this.#retry = this.#clock.after(backoffMs(++this.#failures, retry), () => void this.#fly())
  }

  #stillDue<O>(pending: Lasting<O>[]): Lasting<O>[] {
    const nowMonotonicMs = this.#clock.monotonicMs()
    return pending.filter((one) => {
      const isDue = nowMonotonicMs < one.untilMonotonicMs
      if (!isDue) one.answer(false)
      return isDue
    })
  }
}

const unheard = { answer() {}, refuse() {} }

function orderOf<O>(pending: { order: O }): O {
  return pending.order
}

function deliver<A>(pending: readonly Pending<unknown, A>[], answers: readonly A[]): void {
  pending.forEach((one, i) => {
    const answer = answers[i]
    if (answer === undefined) one.refuse(new Error('the store gave no answer'))
    else one.answer(answer)
  })
}
