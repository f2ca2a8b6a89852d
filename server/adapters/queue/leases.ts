import { newId } from '#server/lib/id.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { AddedTask, HeldTask, NewTask, Queue, Task, TaskFilter, TaskState } from '#server/ports/queue.ts'
import type { Backend, Ears, End, Lease, Taken, TakenTask } from './backend.ts'
import { Flights } from './flights.ts'
import { type Desk, Held } from './held.ts'
import { LeaseWatch } from './lease-watch.ts'
import { type Taker, type TakePlan, Takers } from './takers.ts'

export type QueuePace = {
  /** How often leases are looked after. */
  watchMs: number
  /** How often takers ask although nobody has rung: rings are hints. */
  askMs: number
}

const pace: QueuePace = { watchMs: 2000, askMs: 5000 }
const defaultAttempts = 5
const holderSilent = 'tasks.holder_silent'

/** The queue as everybody knows it, above any store of tasks: who waits, who holds, who has fallen silent. */
export class LeaseQueue implements Queue {
  readonly #backend: Backend
  readonly #clock: Clock
  readonly #pace: QueuePace
  readonly #takers = new Takers()
  readonly #flights: Flights
  readonly #held = new Map<string, Held>()
  readonly #watch: LeaseWatch
  readonly #due = new Map<string, { cancel(): void }>()
  readonly #lossHeard = new Set<() => void>()
  #lastBorn = 0
  #isClosed = false
  #timers: { cancel(): void }[] = []

  constructor(parts: { open(ears: Ears): Backend; clock: Clock; pace?: Partial<QueuePace> }) {
    this.#clock = parts.clock
    this.#pace = { ...pace, ...parts.pace }
    this.#watch = new LeaseWatch(parts.clock)
    this.#backend = parts.open({
      rang: (kind) => this.#rang(kind),
      rangAll: () => this.#rangAll(),
      cancelled: (id) => this.#held.get(id)?.lose('the task is cancelled'),
      lost: () => this.#lost(),
    })
    this.#flights = new Flights(this.#backend, this.#clock, {
      plan: () => this.#takers.plan(),
      settle: (plan, taken, sinceMonotonicMs) => this.#settle(plan, taken, sinceMonotonicMs),
      failed: (plans) => plans.forEach(({ kind }) => this.#takers.ring(kind)),
    })
    this.#repeat(this.#pace.askMs, () => this.#rangAll())
    this.#repeat(this.#pace.watchMs, () => this.#lookAfterLeases())
  }

  add(kind: string, task: NewTask): Promise<AddedTask> {
    const born = this.#nextBorn()
    this.#takers.ring(kind)
    return this.#flights.add({
      id: task.id ?? newId(this.#clock.now()),
      kind,
      key: task.key,
      payload: task.payload,
      priority: task.priority ?? 0,
      notBeforeMs: task.notBeforeMs ?? 0,
      maxAttempts: task.maxAttempts ?? defaultAttempts,
      born,
    })
  }

  take(kinds: readonly string[], { leaseMs, signal }: { leaseMs: number; signal: AbortSignal }): Promise<HeldTask | undefined> {
    if (this.#isClosed || signal.aborted) return Promise.resolve(undefined)
    return new Promise((give) => {
      const leave = () => {
        if (this.#takers.delete(taker)) give(undefined)
      }
      const taker: Taker = {
        kinds,
        leaseMs,
        give(held) {
          signal.removeEventListener('abort', leave)
          give(held)
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#takers.add(taker)
      this.#flights.kick()
    })
  }

  setPriority(id: string, priority: number): Promise<boolean> {
    return this.#backend.setPriority(id, priority)
  }

  async cancel(id: string): Promise<boolean> {
    const kind = await this.#backend.cancel(id)
    if (kind === undefined) return false
    this.#held.get(id)?.lose('the task is cancelled')
    this.#ended(kind)
    return true
  }

  async runNow(id: string): Promise<boolean> {
    const kind = await this.#backend.runNow(id)
    if (kind !== undefined) this.#rang(kind)
    return kind !== undefined
  }

  find(id: string): Promise<Task | undefined> {
    return this.#backend.find(id)
  }

  findByKey(kind: string, key: string): Promise<Task | undefined> {
    return this.#backend.findByKey(kind, key)
  }

  list(filter: TaskFilter): Promise<{ items: Task[]; next: string | undefined }> {
    return this.#backend.list({ ...filter, limit: Math.min(filter.limit ?? 50, 500) })
  }

  counts(): Promise<Record<string, Record<TaskState, number>>> {
    return this.#backend.counts()
  }

  pause(kind: string): Promise<void> {
    return this.#backend.setPaused(kind, true)
  }

  async resume(kind: string): Promise<void> {
    await this.#backend.setPaused(kind, false)
    this.#rang(kind)
  }

  pausedKinds(): Promise<string[]> {
    return this.#backend.pausedKinds()
  }

  async limitKind(kind: string, concurrency: number | undefined): Promise<void> {
    await this.#backend.limitKind(kind, concurrency)
    this.#rang(kind)
  }

  sweep({ endedBeforeMs, keepPerKind = 0 }: { endedBeforeMs: number; keepPerKind?: number }): Promise<number> {
    return this.#backend.sweep({ endedBeforeMs, keepPerKind })
  }

  onLoss(heard: () => void): () => void {
    this.#lossHeard.add(heard)
    return () => void this.#lossHeard.delete(heard)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const timer of [...this.#timers, ...this.#due.values()]) timer.cancel()
    this.#takers.sendAway()
    await this.#flights.close()
    for (const held of this.#held.values()) held.lose('the queue is closed')
    await this.#backend.close()
  }

  #rang(kind: string): void {
    if (this.#takers.isWaitedFor(kind)) {
      this.#takers.ring(kind)
      this.#flights.kick()
    } else {
      this.#takers.ring(kind)
      this.#backend.passOn(kind)
    }
  }

  #rangAll(): void {
    this.#takers.ringAll()
    this.#flights.kick()
    this.#flights.retryNow()
  }

  #lost(): void {
    this.#rangAll()
    for (const heard of this.#lossHeard) heard()
  }

  #ended(kind: string): void {
    this.#takers.ended(kind)
    this.#flights.kick()
  }

  #settle(plan: TakePlan, taken: Taken, sinceMonotonicMs: number): End[] {
    this.#setDue(plan.kind, taken.dueInMs)
    const lease = { leaseMs: plan.leaseMs, sinceMonotonicMs }
    const left = this.#takers.settle(plan, taken, (task) => this.#hold(task, lease))
    if (left.length > 0) this.#takers.ring(plan.kind)
    return left.map((one) => toGiveBack(one))
  }

  #hold(task: TakenTask, lease: { leaseMs: number; sinceMonotonicMs: number }): Held {
    const held = new Held(task, lease, this.#clock, this.#desk)
    this.#held.get(task.task.id)?.lose('the lease has passed on')
    this.#held.set(task.task.id, held)
    return held
  }

  readonly #desk: Desk = {
    end: async (end, untilMonotonicMs) => {
      if (end.outcome.to === 'back') this.#takers.ring(end.kind)
      this.#takers.ended(end.kind)
      return this.#flights.end(end, untilMonotonicMs)
    },
    beat: (beat, untilMonotonicMs) => this.#flights.beat(beat, untilMonotonicMs),
    leave: (held) => {
      if (this.#held.get(held.task.id) === held) this.#held.delete(held.task.id)
    },
  }

  #setDue(kind: string, dueInMs: number | undefined): void {
    this.#due.get(kind)?.cancel()
    this.#due.delete(kind)
    if (dueInMs === undefined || this.#isClosed) return
    const longestMs = 60_000 // wall clocks move: what is far off is asked for again
    this.#due.set(
      kind,
      this.#clock.after(Math.min(Math.max(dueInMs, 1), longestMs), () => this.#rang(kind)),
    )
  }

  /** [Q5] [Q9] */
  async #lookAfterLeases(): Promise<void> {
    const kinds = this.#takers.knownKinds()
    if (kinds.length === 0) return
    const leases = await this.#backend.leases(kinds)
    const strange = leases.filter(({ id, fence }) => this.#held.get(id)?.fence !== fence)
    const silent = this.#watch.silent(strange)
    await Promise.all(
      silent.map(async (lease) => {
        await this.#flights.end(toExpire(lease), Number.POSITIVE_INFINITY)
        this.#rang(lease.kind)
      }),
    )
  }

  #nextBorn(): number {
    this.#lastBorn = Math.max(this.#lastBorn + 1, this.#clock.now() * 1000)
    return this.#lastBorn
  }

  /** Rejections are the line's: the next round comes. */
  #repeat(everyMs: number, act: () => void | Promise<void>): void {
    const place = this.#timers.length
    const again = () => {
      if (this.#isClosed) return
      this.#timers[place] = this.#clock.after(everyMs, () => void Promise.resolve(act()).then(again, again))
    }
    again()
  }
}

function toGiveBack({ task, fence }: TakenTask): End {
  return { id: task.id, kind: task.kind, fence, outcome: { to: 'back', reason: task.reason, delayMs: 0, uncount: true } }
}

function toExpire({ id, kind, fence, ends, attempt, maxAttempts }: Lease): End {
  const outcome: End['outcome'] =
    attempt >= maxAttempts ? { to: 'parked', reason: holderSilent } : { to: 'back', reason: holderSilent, delayMs: 0, uncount: false }
  return { id, kind, fence, expiredAt: ends, outcome }
}
