import type { HeldTask } from '#server/ports/queue.ts'
import type { Take, Taken, TakenTask } from './backend.ts'

export type Taker = { kinds: readonly string[]; leaseMs: number; give(held: HeldTask | undefined): void }
export type TakePlan = Take & { takers: Taker[] }

/** Who waits for what, and of which kinds there may be something: without a ring nobody asks the store. */
export class Takers {
  readonly #waiting = new Set<Taker>()
  readonly #rung = new Set<string>()
  readonly #served = new Map<string, number>()
  readonly #known = new Set<string>()
  readonly #heldBack = new Set<string>()
  #turn = 0

  /** A kind is asked for at once when it is waited for the first time: what stood there before nobody has rung for. */
  add(taker: Taker): void {
    this.#waiting.add(taker)
    for (const kind of taker.kinds) {
      if (this.#known.has(kind)) continue
      this.#known.add(kind)
      this.#rung.add(kind)
    }
  }

  delete(taker: Taker): boolean {
    return this.#waiting.delete(taker)
  }

  isWaitedFor(kind: string): boolean {
    for (const taker of this.#waiting) if (taker.kinds.includes(kind)) return true
    return false
  }

  knownKinds(): string[] {
    return [...this.#known]
  }

  ring(kind: string): void {
    this.#rung.add(kind)
  }

  ringAll(): void {
    for (const kind of this.#known) this.#rung.add(kind)
  }

  /** One of this kind has ended: what a limit held back may go. */
  ended(kind: string): void {
    if (this.#heldBack.has(kind)) this.#rung.add(kind)
  }

  /** [Q14] Each taker asks for the one of its kinds that has waited longest to be asked for. */
  plan(): TakePlan[] {
    if (this.#rung.size === 0 || this.#waiting.size === 0) return []
    const plans = new Map<string, TakePlan>()
    for (const taker of this.#waiting) {
      const kind = this.#nextKind(taker)
      if (kind === undefined) continue
      this.#served.set(kind, ++this.#turn)
      const name = `${taker.leaseMs} ${kind}`
      const plan = plans.get(name)
      if (plan) {
        plan.count++
        plan.takers.push(taker)
      } else plans.set(name, { kind, leaseMs: taker.leaseMs, count: 1, takers: [taker] })
    }
    for (const { kind } of plans.values()) this.#rung.delete(kind)
    return [...plans.values()]
  }

  /** Answers what nobody wants any more. */
  settle(plan: TakePlan, taken: Taken, hold: (task: TakenTask) => HeldTask): TakenTask[] {
    if (taken.tasks.length === plan.count) this.#rung.add(plan.kind)
    if (taken.isHeldBack) this.#heldBack.add(plan.kind)
    else this.#heldBack.delete(plan.kind)
    const takers = plan.takers.filter((taker) => this.#waiting.has(taker))
    return taken.tasks.filter((task) => {
      const taker = takers.shift()
      if (!taker) return true
      this.#waiting.delete(taker)
      taker.give(hold(task))
      return false
    })
  }

  sendAway(): void {
    for (const taker of this.#waiting) taker.give(undefined)
    this.#waiting.clear()
  }

  #nextKind(taker: Taker): string | undefined {
    let next: string | undefined
    for (const kind of taker.kinds) {
      if (this.#rung.has(kind) && (next === undefined || this.#turnOf(kind) < this.#turnOf(next))) next = kind
    }
    return next
  }

  #turnOf(kind: string): number {
    return this.#served.get(kind) ?? 0
  }
}
