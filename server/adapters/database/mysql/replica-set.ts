import type { Log } from '#server/ports/log.ts'
import type { ServerPool } from './server-pool.ts'

/** How often each replica is looked at. What a look found counts for three of them. */
const lookMs = 500
const lookAnswerMs = 1000

type Replica = { readonly name: string; readonly pool: ServerPool; state: ReplicaState; lookedMs: number }
export type ReplicaState =
  | { is: 'unknown' }
  | { is: 'fine'; lagMs: number }
  | { is: 'lagging'; lagMs: number }
  | { is: 'failing'; reason: string }

/**
 * How stale what a replica in use answers may be: its lag when it was looked at, the time until the next look has failed, and the beat's own
 * step. After so long every replica in use has what was written.
 */
export function stalestMs(maxLagMs: number): number {
  return maxLagMs + 3 * lookMs + lookAnswerMs + 2 * lookMs
}

/**
 * Which replica to read from. The primary keeps a row beating; a replica is as late as its copy of that row. One that lags or fails is left
 * out, at once when a reading fails, and comes back by itself.
 */
export class ReplicaSet {
  #primary: ServerPool
  #replicas: Replica[]
  #maxLagMs: () => number
  #log: Log
  #turn = 0
  #lastBeatMs = 0
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()

  constructor(parts: { primary: ServerPool; replicas: readonly { name: string; pool: ServerPool }[]; maxLagMs: () => number; log: Log }) {
    this.#primary = parts.primary
    this.#replicas = parts.replicas.map((replica) => ({ ...replica, state: { is: 'unknown' }, lookedMs: Number.NEGATIVE_INFINITY }))
    this.#maxLagMs = parts.maxLagMs
    this.#log = parts.log
  }

  /** Resolves after the first look. */
  async start(): Promise<void> {
    if (this.#replicas.length === 0) return
    await this.#look()
    this.#timer = setInterval(() => {
      this.#looking = this.#look()
    }, lookMs).unref()
  }

  /** Undefined where there is none to be trusted just now. */
  choose(): ServerPool | undefined {
    const nowMs = performance.now()
    const usable = this.#replicas.filter(({ state, lookedMs }) => state.is === 'fine' && nowMs - lookedMs < 3 * lookMs + lookAnswerMs)
    return usable[this.#turn++ % usable.length]?.pool
  }

  failed(pool: ServerPool, error: unknown): void {
    const replica = this.#replicas.find((each) => each.pool === pool)
    if (replica) this.#set(replica, { is: 'failing', reason: String(error) })
  }

  states(): { name: string; state: ReplicaState }[] {
    return this.#replicas.map(({ name, state }) => ({ name, state }))
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#looking
    await Promise.all(this.#replicas.map(({ pool }) => pool.close()))
  }

  /** First the replicas, then the next beat: so one that is well has the last beat, and lags by nothing. */
  async #look(): Promise<void> {
    const due = this.#replicas.filter((replica) => !isBeingLookedAt.has(replica))
    await Promise.all(due.map((replica) => this.#lookAt(replica)))
    await this.#beat().catch((error: unknown) => this.#log.warn('database.beat_failed', { error }))
  }

  async #lookAt(replica: Replica): Promise<void> {
    isBeingLookedAt.add(replica)
    const startedMs = performance.now()
    try {
      const { rows } = await replica.pool.run('select at_ms from replica_beat where id = 1', [], lookAnswerMs)
      const lagMs = this.#lastBeatMs === 0 ? 0 : Math.max(0, this.#lastBeatMs - Number(rows[0]?.at_ms ?? 0))
      replica.lookedMs = startedMs
      this.#set(replica, lagMs > this.#maxLagMs() ? { is: 'lagging', lagMs } : { is: 'fine', lagMs })
    } catch (error) {
      this.#set(replica, { is: 'failing', reason: String(error) })
    } finally {
      isBeingLookedAt.delete(replica)
    }
  }

  /** Many processes look, one beat is enough: what is younger than most of a step stays. */
  async #beat(): Promise<void> {
    await this.#primary.run(beat, [Math.floor(lookMs * 0.8)], lookAnswerMs)
    const { rows } = await this.#primary.run('select at_ms from replica_beat where id = 1', [], lookAnswerMs)
    this.#lastBeatMs = Number(rows[0]?.at_ms ?? 0)
  }

  #set(replica: Replica, state: ReplicaState): void {
    const before = replica.state
    replica.state = state
    if (before.is === state.is) return
    const { name } = replica
    if (state.is === 'fine') this.#log.info('database.replica_in_use', { replica: name, lagMs: state.lagMs })
    else this.#log.warn('database.replica_left_out', { replica: name, ...state })
  }
}

const isBeingLookedAt = new WeakSet<Replica>()

/** By the primary's own clock, so that the processes' clocks do not matter. */
const beat =
  'insert into replica_beat (id, at_ms) values (1, floor(unix_timestamp(now(3)) * 1000)) ' +
  'on duplicate key update at_ms = if(at_ms < values(at_ms) - ?, values(at_ms), at_ms)'
