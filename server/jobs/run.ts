import type { Json } from '#server/lib/json.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { HeldTask } from '#server/ports/queue.ts'
import { fateOf } from './fate.ts'
import type { Ending } from './listener.ts'
import type { TaskKind } from './task-kind.ts'

export const defaultLeaseMs = 30_000
/** So long a run that has been told to stop is waited for. */
const graceMs = 10_000
/** Progress is written no more often. */
const progressMs = 500

type Stop = 'stolen' | 'deadline' | 'ending'

/** One run of a held task: heart, deadline, and an end that is told to the queue. */
export class Run {
  readonly held: HeldTask
  readonly #kind: TaskKind
  readonly #clock: Clock
  readonly #abort = new AbortController()
  #stopped: Stop | undefined
  #progress: Json | undefined
  #heart: { cancel(): void } | undefined
  #lastBeatMs = 0
  #isOver = false

  constructor(held: HeldTask, kind: TaskKind, clock: Clock) {
    this.held = held
    this.#kind = kind
    this.#clock = clock
  }

  /** The process is ending. */
  stop(): void {
    this.#stop('ending', 'the process is ending')
  }

  /** [J2] Complains of a payload before anything is done with it. */
  async end(complaint: string | undefined): Promise<Ending> {
    if (complaint !== undefined) return this.#park(`tasks.bad_payload: ${complaint}`)
    const { held } = this
    const onLost = () => this.#stop('stolen', held.signal.reason)
    held.signal.addEventListener('abort', onLost, { once: true })
    if (held.signal.aborted) onLost()
    const deadline = this.#clock.after(this.#kind.deadlineMs, () => this.#stop('deadline', new Problem('unavailable', 'tasks.deadline')))
    this.#lastBeatMs = this.#clock.monotonicMs()
    this.#beatBy(Number.POSITIVE_INFINITY)
    try {
      await this.#work()
      return (await held.done(this.#progress)) ? { how: 'done' } : { how: 'lost' }
    } catch (error) {
      return await this.#failed(error)
    } finally {
      this.#isOver = true
      deadline.cancel()
      this.#heart?.cancel()
      held.signal.removeEventListener('abort', onLost)
    }
  }

  /** [J4] A run that does not heed its signal is left to itself: it keeps no place, and its number is worth nothing any more. */
  async #work(): Promise<void> {
    const { task, fence } = this.held
    const { signal } = this.#abort
    const work = this.#kind.run(task.payload as never, {
      signal,
      taskId: task.id,
      attempt: task.attempt,
      fence,
      progress: (progress) => this.#tell(progress),
    })
    let grace: { cancel(): void } | undefined
    const abandoned = new Promise<never>((_, reject) => {
      const onStop = () => {
        grace = this.#clock.after(graceMs, () => reject(new Problem('unavailable', 'tasks.stuck', { cause: signal.reason })))
      }
      if (signal.aborted) onStop()
      else signal.addEventListener('abort', onStop, { once: true })
    })
    abandoned.catch(() => {})
    work.catch(() => {})
    await Promise.race([work, abandoned]).finally(() => grace?.cancel())
  }

  async #failed(error: unknown): Promise<Ending> {
    const { held } = this
    if (this.#stopped === 'stolen') return { how: 'lost' }
    if (this.#stopped === 'ending') return (await held.release()) ? { how: 'released' } : { how: 'lost' }
    const cause: unknown = this.#stopped === 'deadline' && !isStuck(error) ? this.#abort.signal.reason : error
    const fate = fateOf(cause, held.task.attempt, this.#kind)
    const { reason } = fate
    const isParked = fate.park || held.task.attempt >= held.task.maxAttempts
    if (isParked) return this.#park(reason)
    return (await held.fail(reason, { delayMs: fate.delayMs, park: false }))
      ? { how: 'retry', reason, delayMs: fate.delayMs }
      : { how: 'lost' }
  }

  async #park(reason: string): Promise<Ending> {
    return (await this.held.fail(reason, { delayMs: 0, park: true })) ? { how: 'parked', reason } : { how: 'lost' }
  }

  #stop(why: Stop, reason: unknown): void {
    this.#stopped ??= why
    this.#abort.abort(reason)
  }

  #tell(progress: Json): void {
    if (this.#isOver) return
    const isFirst = this.#progress === undefined
    this.#progress = progress
    if (isFirst) this.#beatBy(this.#lastBeatMs + progressMs)
  }

  /** [J3] Progress may bring a beat forward, but never puts one off. */
  #beatBy(atMs: number): void {
    const nowMs = this.#clock.monotonicMs()
    const dueMs = Math.min(atMs, this.#lastBeatMs + (this.#kind.leaseMs ?? defaultLeaseMs) / 3)
    this.#heart?.cancel()
    this.#heart = this.#clock.after(Math.max(0, dueMs - nowMs), () => void this.#beat())
  }

  async #beat(): Promise<void> {
    const progress = this.#progress
    this.#progress = undefined
    this.#lastBeatMs = this.#clock.monotonicMs()
    await this.held.beat(progress)
    if (!this.#isOver) this.#beatBy(this.#progress === undefined ? Number.POSITIVE_INFINITY : this.#lastBeatMs + progressMs)
  }
}

function isStuck(error: unknown): boolean {
  return error instanceof Problem && error.code === 'tasks.stuck'
}
