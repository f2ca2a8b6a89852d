import type { Clock } from '#server/ports/clock.ts'
import type { Lock } from '#server/ports/locks.ts'
import { LineDown } from '../redis/errors.ts'
import type { RedisKeys } from '../redis/keys.ts'
import type { RedisLine } from '../redis/line.ts'
import { readScript } from '../redis/script.ts'

const renew = readScript(import.meta.url, 'renew.lua')
const release = readScript(import.meta.url, 'release.lua')

export type LeaseParts = { line: RedisLine; keys: RedisKeys; clock: Clock; onEnd: (lease: RedisLease) => void }
export type LeaseTerms = { name: string; holder: string; fence: number; leaseMs: number; takenMs: number }

/** Clocks of two machines do not run at one pace: so much of a lease is not counted on. */
const driftShare = 0.02
const tooLate = 'it could not be renewed in time'

/**
 * A lock that is held: renewed three times a lease. It counts from the moment at which a renewal was sent, by the monotonic clock, so that the
 * holder fears the loss before Redis can have given the lock away, whatever the wall clocks do.
 */
export class RedisLease implements Lock {
  readonly name: string
  readonly fence: number
  readonly #parts: LeaseParts
  readonly #holder: string
  readonly #leaseMs: number
  readonly #life = new AbortController()
  readonly #stopListening: () => void
  #sureUntilMs: number
  #timer: { cancel(): void }
  #isRenewing = false
  #hasEnded = false

  constructor(terms: LeaseTerms, parts: LeaseParts) {
    this.name = terms.name
    this.fence = terms.fence
    this.#parts = parts
    this.#holder = terms.holder
    this.#leaseMs = terms.leaseMs
    this.#sureUntilMs = this.#sureAfter(terms.takenMs)
    this.#timer = this.#wakeAfter(this.#leaseMs / 3)
    // After a restart of Redis nobody may hold the lock any more: asked at once, not at the next turn.
    this.#stopListening = parts.line.onUp(() => void this.#renew())
  }

  get lost(): AbortSignal {
    return this.#life.signal
  }

  async release(): Promise<void> {
    if (!this.#end()) return
    const { line, keys } = this.#parts
    try {
      await line.call(release, [keys.lock(this.name)], [this.#holder, keys.lockFreed, this.name])
    } catch {
      // The lease runs out by itself.
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release()
  }

  lose(why: string): void {
    if (this.#end()) this.#life.abort(new Error(`The lock ${this.name} is lost: ${why}.`))
  }

  #end(): boolean {
    if (this.#hasEnded) return false
    this.#hasEnded = true
    this.#timer.cancel()
    this.#stopListening()
    this.#parts.onEnd(this)
    return true
  }

  #sureAfter(sentMs: number): number {
    return sentMs + this.#leaseMs * (1 - driftShare)
  }

  #wakeAfter(ms: number): { cancel(): void } {
    const restMs = this.#sureUntilMs - this.#parts.clock.monotonicMs()
    return this.#parts.clock.after(Math.max(0, Math.min(ms, restMs)), () => void this.#renew())
  }

  /** Never throws. One at a time; each ends by arming the next. */
  async #renew(): Promise<void> {
    if (this.#hasEnded || this.#isRenewing) return
    const { line, keys, clock } = this.#parts
    this.#isRenewing = true
    this.#timer.cancel()
    const sentMs = clock.monotonicMs()
    if (sentMs >= this.#sureUntilMs) return this.lose(tooLate)
    let nextMs = this.#leaseMs / 3
    // The end of what is sure comes while an answer is waited for, too.
    const fear = clock.after(Math.max(0, this.#sureUntilMs - sentMs), () => this.lose(tooLate))
    try {
      const isOurs = await line.call(renew, [keys.lock(this.name)], [this.#holder, String(this.#leaseMs)])
      if (isOurs === 1) this.#sureUntilMs = Math.max(this.#sureUntilMs, this.#sureAfter(sentMs))
      else this.lose('it ran out or was forgotten by Redis')
    } catch (error) {
      nextMs = Math.min(nextMs, Math.max(20, this.#leaseMs / 20))
      if (!(error instanceof LineDown)) this.lose(`Redis refuses to renew it: ${error instanceof Error ? error.message : 'unknown'}`)
    } finally {
      fear.cancel()
      this.#isRenewing = false
      if (!this.#hasEnded) this.#timer = this.#wakeAfter(nextMs)
    }
  }
}
