import { newId } from '#server/lib/id.ts'
import type { Json } from '#server/lib/json.ts'
import { Problem } from '#server/lib/problem.ts'
import { type Task, type TaskFilter, type TaskState, taskStates } from '#server/ports/queue.ts'
import { LineDown } from '../../redis/errors.ts'
import type { RedisLine } from '../../redis/line.ts'
import type { Script } from '../../redis/script.ts'
import type { Add, Answers, Backend, Beat, Ears, End, Lease, Orders, Take, TakenTask } from '../backend.ts'
import { parseCursor, toCursor } from '../cursor.ts'
import { scripts } from './scripts.ts'

/** A queue is worth waiting for a little longer than a cache. */
const timeoutMs = 2000

/**
 * Tasks in Redis. What is ordered together travels in one pipeline, at most one script a sort of order. Redis may forget everything: an epoch, that is
 * lost with it, tells.
 */
export class RedisBackend implements Backend {
  readonly #line: RedisLine
  readonly #base: string
  readonly #name: string
  /** For rings: nobody else has it. */
  readonly #process = newId()
  readonly #ears: Ears
  readonly #stopHearing: () => void
  #epoch: string | undefined
  #exchanges = 0

  constructor(parts: { line: RedisLine; base: string; name: string; ears: Ears }) {
    const { line, base, ears } = parts
    this.#line = line
    this.#base = base
    this.#name = parts.name
    this.#ears = ears
    let isFirst = !line.isUp
    this.#stopHearing = line.onUp(({ isNew }) => {
      // What was said meanwhile, nobody has heard; what was done last may be undone.
      if (isNew && !isFirst) ears.lost()
      else ears.rangAll()
      isFirst = false
    })
    void line.join(`${base}:ring:${this.#process}`, (kind) => ears.rang(kind))
    void line.join(`${base}:cancelled`, (id) => ears.cancelled(id))
  }

  async exchange({ ends, beats, adds, takes }: Orders): Promise<Answers> {
    const epoch = `${this.#process}.${++this.#exchanges}`
    const [ended, beaten, added, taken] = await Promise.all([
      ends.length === 0 ? none : this.#call(scripts.end, ends.flatMap(endWords)),
      beats.length === 0 ? none : this.#call(scripts.beat, beats.flatMap(beatWords)),
      adds.length === 0 ? none : this.#call(scripts.add, [epoch, ...adds.flatMap(addWords)]),
      takes.length === 0 ? none : this.#call(scripts.take, [epoch, this.#process, this.#name, ...takes.flatMap(takeWords)]),
    ])
    this.#hearEpoch(added[0] ?? taken[0])
    return {
      ends: ended.map((answer) => answer === 1),
      beats: beaten.map((answer) => answer === 1),
      adds: adds.map((_, i) => ({
        id: String(added[1 + i * 3]),
        state: added[2 + i * 3] as TaskState,
        isNew: added[3 + i * 3] === 1,
      })),
      takes: takes.map(({ kind }, i) => {
        const [heldBack, due, tasks] = taken[2 + i] as [number, string, TakenWords[]]
        const startedUs = Number(taken[2 + takes.length])
        return {
          tasks: tasks.map((words) => toTaken(kind, words, { fence: Number(taken[1]), holder: this.#name, startedUs })),
          isHeldBack: heldBack === 1,
          dueInMs: due === '' ? undefined : Number(due),
        }
      }),
    }
  }

  async leases(kinds: readonly string[]): Promise<Lease[]> {
    const [now, ...rows] = await this.#call(scripts.leases, kinds)
    return (rows as string[][]).map(([id = '', kind = '', ends, fence, leaseMs, attempt, most]) => ({
      id,
      kind,
      fence: Number(fence),
      ends: Number(ends),
      isPast: Number(ends) < Number(now),
      leaseMs: Number(leaseMs),
      attempt: Number(attempt),
      maxAttempts: Number(most),
    }))
  }

  async setPriority(id: string, priority: number): Promise<boolean> {
    return (await this.#ask(scripts.setPriority, [id, String(priority)])) === 1
  }

  async cancel(id: string): Promise<string | undefined> {
    return toKind(await this.#ask(scripts.cancel, [id]))
  }

  async runNow(id: string): Promise<string | undefined> {
    return toKind(await this.#ask(scripts.runNow, [id]))
  }

  async find(id: string): Promise<Task | undefined> {
    return toTask(id, toRecord(await this.#line.send(['HGETALL', `${this.#base}:task:${id}`], timeoutMs)))
  }

  async findByKey(kind: string, key: string): Promise<Task | undefined> {
    const id = await this.#line.send(['HGET', `${this.#base}:keys:${kind}`, `=${key}`], timeoutMs)
    return typeof id === 'string' ? this.find(id) : undefined
  }

  async list({ state, kind = '', limit = 50, after }: TaskFilter): Promise<{ items: Task[]; next: string | undefined }> {
    const isDown = latestFirst.has(state)
    const cursor = parseCursor(after)
    const where = [state, kind, String(limit + 1), isDown ? '1' : '', cursor ? String(cursor.rank) : '', cursor?.id ?? '']
    const answers = (await this.#call(scripts.list, where)) as [string, string, string[]][]
    const rows = answers
      .flatMap(([id, score, record]) => {
        const task = toTask(id, toRecord(record))
        return task ? [{ task, rank: Number(score) }] : []
      })
      .filter((row) => !cursor || !isBefore(row, { rank: cursor.rank, task: { id: cursor.id } }, isDown))
      .sort((a, b) => (isBefore(a, b, isDown) ? -1 : 1))
    const last = rows.length > limit ? rows[limit - 1] : undefined
    return { items: rows.slice(0, limit).map((row) => row.task), next: last && toCursor(last.rank, last.task.id) }
  }

  async counts(): Promise<Record<string, Record<TaskState, number>>> {
    const rows = (await this.#call(scripts.counts, [])) as [string, ...number[]][]
    return Object.fromEntries(
      rows.map(([kind, ...counts]) => [
        kind,
        Object.fromEntries(taskStates.map((state, i) => [state, counts[i] ?? 0])) as Record<TaskState, number>,
      ]),
    )
  }

  async setPaused(kind: string, paused: boolean): Promise<void> {
    await this.#ask(scripts.setting, [paused ? 'pause' : 'resume', kind, ''])
  }

  async pausedKinds(): Promise<string[]> {
    const kinds = await this.#line.send(['SMEMBERS', `${this.#base}:paused`], timeoutMs)
    return (Array.isArray(kinds) ? kinds : [...(kinds as Set<string>)]).map(String).toSorted()
  }

  async limitKind(kind: string, concurrency: number | undefined): Promise<void> {
    await this.#ask(scripts.setting, ['limit', kind, concurrency === undefined ? '' : String(concurrency)])
  }

  async sweep({ endedBeforeMs, keepPerKind }: { endedBeforeMs: number; keepPerKind: number }): Promise<number> {
    let swept = 0
    for (const kind of Object.keys(await this.counts())) {
      for (const state of ['done', 'cancelled'] as const) {
        for (let gone = 1; gone > 0; swept += gone) {
          gone = Number(await this.#ask(scripts.sweep, [kind, state, String(endedBeforeMs * 1000), String(keepPerKind)]))
        }
      }
    }
    return swept
  }

  /** A ring that is lost here is made up for when the next taker asks by itself. */
  passOn(kind: string): void {
    this.#ask(scripts.passOn, [kind, this.#process]).catch(() => {})
  }

  async close(): Promise<void> {
    this.#stopHearing()
    await Promise.all([this.#line.leave(`${this.#base}:ring:${this.#process}`), this.#line.leave(`${this.#base}:cancelled`)])
  }

  /** [Q20] Each exchange proposes an epoch that never was: it is taken where there is none, that is, in an emptied store. */
  #hearEpoch(epoch: unknown): void {
    if (typeof epoch !== 'string' || epoch === this.#epoch) return
    const isKnown = this.#epoch !== undefined
    this.#epoch = epoch
    if (isKnown) this.#ears.lost()
  }

  /** Whoever waits for an answer is told that there is none now: that is no fault of ours. */
  async #ask(script: Script, words: readonly string[]): Promise<unknown> {
    try {
      return await this.#line.call(script, [this.#base], words, timeoutMs)
    } catch (error) {
      if (error instanceof LineDown) throw new Problem('unavailable', 'tasks.unreachable', { cause: error, retryAfterMs: 2000 })
      throw error
    }
  }

  async #call(script: Script, words: readonly string[]): Promise<readonly unknown[]> {
    return (await this.#ask(script, words)) as unknown[]
  }
}

const none: readonly unknown[] = []
const latestFirst: ReadonlySet<TaskState> = new Set(['done', 'parked', 'cancelled'])

function endWords({ id, fence, expiredAt, outcome }: End): string[] {
  const progress = outcome.to === 'done' ? toText(outcome.progress) : ''
  const reason = outcome.to === 'done' ? '' : (outcome.reason ?? '')
  const [delayMs, uncount] = outcome.to === 'back' ? [String(outcome.delayMs), outcome.uncount ? '1' : '0'] : ['0', '0']
  return [id, String(fence), expiredAt === undefined ? '' : String(expiredAt), outcome.to, reason, progress, delayMs, uncount]
}

function beatWords({ id, fence, leaseMs, progress }: Beat): string[] {
  return [id, String(fence), String(leaseMs), toText(progress)]
}

function addWords({ id, kind, key, payload, priority, notBeforeMs, maxAttempts, born }: Add): string[] {
  const words = [JSON.stringify(payload), String(priority), String(notBeforeMs), String(maxAttempts), String(born)]
  return [id, kind, key === undefined ? '' : `=${key}`, ...words]
}

function takeWords({ kind, count, leaseMs }: Take): string[] {
  return [kind, String(count), String(leaseMs)]
}

/** id, attempt, key, payload, priority, the most attempts, born, notBefore, progress, reason */
type TakenWords = [string, number, string, string, string, string, string, string, string, string]

function toTaken(kind: string, words: TakenWords, by: { fence: number; holder: string; startedUs: number }): TakenTask {
  const [id, attempt, key, payload, priority, most, born, notBefore, progress, reason] = words
  const task: Task = {
    id,
    kind,
    key: key === '' ? undefined : key.slice(1),
    payload: JSON.parse(payload) as Json,
    priority: Number(priority),
    state: 'running',
    attempt,
    maxAttempts: Number(most),
    createdMs: Math.floor(Number(born) / 1000),
    notBeforeMs: Number(notBefore),
    startedMs: Math.floor(by.startedUs / 1000),
    endedMs: undefined,
    progress: progress === '' ? null : (JSON.parse(progress) as Json),
    reason: reason === '' ? undefined : reason,
    holder: by.holder,
  }
  return { task, fence: by.fence }
}

/** A map in the newer protocol, a flat list in a script's answer. */
function toRecord(answer: unknown): Map<string, string> {
  if (answer instanceof Map) return answer as Map<string, string>
  if (!Array.isArray(answer)) return new Map(Object.entries((answer ?? {}) as Record<string, string>))
  const record = new Map<string, string>()
  for (let i = 0; i < answer.length; i += 2) record.set(String(answer[i]), String(answer[i + 1]))
  return record
}

function toTask(id: string, record: Map<string, string>): Task | undefined {
  const kind = record.get('kind')
  if (kind === undefined) return undefined
  const ms = (field: string) => {
    const us = record.get(field)
    return us === undefined ? undefined : Math.floor(Number(us) / 1000)
  }
  const progress = record.get('progress')
  return {
    id,
    kind,
    key: record.get('key')?.slice(1),
    payload: JSON.parse(record.get('payload') ?? 'null') as Json,
    priority: Number(record.get('priority')),
    state: record.get('state') as TaskState,
    attempt: Number(record.get('attempt') ?? 0),
    maxAttempts: Number(record.get('most')),
    createdMs: ms('born') ?? 0,
    notBeforeMs: Number(record.get('notBefore')),
    startedMs: ms('started'),
    endedMs: ms('ended'),
    progress: progress === undefined ? null : (JSON.parse(progress) as Json),
    reason: record.get('reason'),
    holder: record.get('holder'),
  }
}

function isBefore(one: { rank: number; task: { id: string } }, other: { rank: number; task: { id: string } }, isDown: boolean): boolean {
  if (one.rank !== other.rank) return isDown ? one.rank > other.rank : one.rank < other.rank
  return isDown ? one.task.id >= other.task.id : one.task.id <= other.task.id
}

function toText(value: Json | undefined): string {
  return value === undefined ? '' : JSON.stringify(value)
}

function toKind(answer: unknown): string | undefined {
  return typeof answer === 'string' ? answer : undefined
}
