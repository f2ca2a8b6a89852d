import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { LineDown } from '../redis/errors.ts'
import type { RedisLine } from '../redis/line.ts'
import type { LocalLayer } from './local-layer.ts'
import type { Said, SharedLayer } from './shared-layer.ts'

const lookEveryMs = 300
/** What was last known to be right so long ago is not answered. The promise of the port is a second; the rest is for the way. */
const trustMs = 950
const mostOwed = 10_000

type Parts = { local: LocalLayer; shared: SharedLayer; line: RedisLine; clock: Clock; log: Log; onLoaded: (key: string) => void }

/**
 * How far a process may believe what it holds. Invalidations are said on a channel, which is quick and may lose some; and each has a number, so that
 * a look every now and then finds out what was missed. What a process holds is believed for a second after the last look that succeeded.
 */
export class Trust {
  readonly #parts: Parts
  readonly #owed = new Set<string>()
  #owesAll = false
  #known = { epoch: '', number: 0 }
  #lookedMs = Number.NEGATIVE_INFINITY
  #timer: { cancel(): void } | undefined
  #looking: Promise<void> | undefined
  #isClosed = false
  readonly #stopListening: () => void

  constructor(parts: Parts) {
    this.#parts = parts
    this.#stopListening = parts.line.onUp(() => void this.lookNow())
  }

  async open(): Promise<void> {
    await this.#parts.shared.listen((said) => this.#hear(said))
    await this.lookNow()
  }

  /** Whether something that was right at `checkedMs` may still be answered. */
  covers(checkedMs: number, nowMs: number): boolean {
    return nowMs - checkedMs < trustMs || nowMs - this.#lookedMs < trustMs
  }

  /** Tells everybody; what cannot be told now is told as soon as the line stands. */
  async forget(tags: readonly string[]): Promise<void> {
    try {
      await this.#parts.shared.forget(tags)
    } catch (error) {
      if (!(error instanceof LineDown)) throw error
      if (this.#owed.size + tags.length > mostOwed) this.#owesAll = true
      else for (const tag of tags) this.#owed.add(tag)
    }
  }

  /** Never rejects. One look at a time. */
  lookNow(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
      this.#timer?.cancel()
      if (!this.#isClosed) this.#timer = this.#parts.clock.after(lookEveryMs, () => void this.lookNow())
    })
    return this.#looking
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#timer?.cancel()
    this.#stopListening()
    await this.#looking
    await this.#parts.shared.stopListening()
    await this.#parts.shared.leave().catch(() => {})
  }

  async #look(): Promise<void> {
    const { shared, clock, line, local, log } = this.#parts
    if (!line.isUp || this.#isClosed) return
    try {
      await this.#payOwed()
      const startMs = clock.monotonicMs()
      const known = this.#known
      const { epoch, number, missed } = await shared.look(known, { doubt: this.#owesAll })
      this.#owesAll = false
      if (epoch !== known.epoch || missed.length !== number - known.number) local.forgetAll()
      else for (const tags of missed) local.forget(tags)
      // Heard meanwhile may be more than this; what is heard twice is forgotten twice, and nothing is skipped.
      this.#known = { epoch, number }
      this.#lookedMs = startMs
    } catch (error) {
      if (!(error instanceof LineDown)) log.error('cache.look_failed', { error })
    }
  }

  async #payOwed(): Promise<void> {
    const tags = [...this.#owed]
    if (tags.length === 0) return
    await this.#parts.shared.forget(tags)
    for (const tag of tags) this.#owed.delete(tag)
  }

  #hear(said: Said): void {
    const { local, onLoaded } = this.#parts
    switch (said.kind) {
      case 'loaded':
        return onLoaded(said.key)
      case 'doubt':
        if (said.epoch === this.#known.epoch) return
        local.forgetAll()
        return void this.lookNow()
      case 'forget':
        return this.#hearForget(said)
    }
  }

  #hearForget({ epoch, number, tags }: Extract<Said, { kind: 'forget' }>): void {
    const known = this.#known
    // Known already, by a look that was quicker.
    if (epoch === known.epoch && number <= known.number) return
    this.#parts.local.forget(tags)
    if (epoch === known.epoch && number === known.number + 1) this.#known = { epoch, number }
    else void this.lookNow()
  }
}
