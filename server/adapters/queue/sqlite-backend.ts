import type { Selectable } from 'kysely'
import type { Database } from '#server/database/database.ts'
import type { Tables } from '#server/database/tables.ts'
import { newId } from '#server/lib/id.ts'
import type { Json } from '#server/lib/json.ts'
import type { Clock } from '#server/ports/clock.ts'
import { type AddedTask, type Task, type TaskFilter, type TaskState, taskStates } from '#server/ports/queue.ts'
import type { Add, Answers, Backend, End, Lease, Orders, Take, Taken } from './backend.ts'
import { toCursor, parseCursor } from './cursor.ts'
import * as statements from './sqlite-statements.ts'

type Row = Selectable<Tables['task']>

/** Tasks as rows of SQLite. Everything that meets in one exchange is one commit. */
export class SqliteBackend implements Backend {
  readonly #db: Database<'task' | 'task_setting' | 'task_fence'>
  readonly #clock: Clock
  readonly #name: string
  readonly #asks: Asks
  #takings = 0
  #moment = { ms: 0, seen: 0 }

  /** `name`: of this process, for people. */
  constructor(db: Database<'task' | 'task_setting' | 'task_fence'>, clock: Clock, name: string) {
    this.#db = db
    this.#clock = clock
    this.#name = `${name}#${newId().slice(-8)}`
    this.#asks = prepare(db)
  }

  async exchange({ ends, beats, adds, takes }: Orders): Promise<Answers> {
    const nowMs = this.#clock.now()
    const holders = takes.map(() => `${this.#name}.${++this.#takings}`)
    const outcomes = await this.#db.commit([
      ...ends.map((end) => statements.toEnd(end, nowMs, this.#rank(nowMs))),
      ...beats.map((beat) => statements.toBeat(beat, nowMs)),
      ...adds.map((add) => statements.toInsert(add, nowMs)),
      ...takes.flatMap((take, i) => statements.toTake(take, holders[i] ?? '', nowMs)),
    ])
    const rows = outcomes.map((outcome) => outcome.rows)
    const firstAdd = ends.length + beats.length
    const firstTake = firstAdd + adds.length
    return {
      ends: await Promise.all(ends.map(async (end, i) => rows[i] === 1 || this.#isDone(end))),
      beats: rows.slice(ends.length, firstAdd).map((count) => count === 1),
      adds: await Promise.all(adds.map((add, i) => this.#added(add, rows[firstAdd + i] === 1, nowMs))),
      takes: await Promise.all(
        takes.map((take, i) => this.#taken(take, holders[i] ?? '', rows[firstTake + (i + 1) * statements.takeStatements - 1] ?? 0, nowMs)),
      ),
    }
  }

  async leases(kinds: readonly string[]): Promise<Lease[]> {
    const nowMs = this.#clock.now()
    const rows = await this.#db.primary
      .selectFrom('task')
      .select(['id', 'kind', 'fence', 'lease_until_ms', 'lease_length', 'attempt', 'max_attempts'])
      .where('kind', 'in', kinds)
      .where('state', '=', 'running')
      .execute()
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      fence: row.fence,
      ends: row.lease_until_ms ?? 0,
      isPast: (row.lease_until_ms ?? 0) < nowMs,
      leaseMs: row.lease_length ?? 0,
      attempt: row.attempt,
      maxAttempts: row.max_attempts,
    }))
  }

  async setPriority(id: string, priority: number): Promise<boolean> {
    return this.#changes(statements.toPrioritise(id, priority))
  }

  async cancel(id: string): Promise<string | undefined> {
    const nowMs = this.#clock.now()
    return (await this.#changes(statements.toCancel(id, nowMs, this.#rank(nowMs)))) ? this.#kindOf(id) : undefined
  }

  async runNow(id: string): Promise<string | undefined> {
    return (await this.#changes(statements.toRunNow(id, this.#rank(this.#clock.now())))) ? this.#kindOf(id) : undefined
  }

  async find(id: string): Promise<Task | undefined> {
    const [row] = await this.#asks.byId({ id })
    return row && toTask(row)
  }

  async findByKey(kind: string, key: string): Promise<Task | undefined> {
    const [row] = await this.#asks.byKey({ kind, key })
    return row && toTask(row)
  }

  async list({ state, kind, limit = 50, after }: TaskFilter): Promise<{ items: Task[]; next: string | undefined }> {
    const kinds = kind === undefined ? await this.#kinds() : [kind]
    const pages = await Promise.all(kinds.map((one) => this.#page(one, state, limit + 1, after)))
    const isDown = latestFirst.has(state)
    const rows = pages.flat().sort((a, b) => (isDown ? byRank(b, a) : byRank(a, b)))
    const last = rows.length > limit ? rows[limit - 1] : undefined
    return { items: rows.slice(0, limit).map(toTask), next: last && toCursor(last.rank, last.id) }
  }

  async counts(): Promise<Record<string, Record<TaskState, number>>> {
    const rows = await this.#db.read
      .selectFrom('task')
      .select(['kind', 'state', ({ fn }) => fn.countAll<number>().as('count')])
      .groupBy(['kind', 'state'])
      .execute()
    const counts: Record<string, Record<TaskState, number>> = {}
    for (const { kind, state, count } of rows) {
      counts[kind] ??= Object.fromEntries(taskStates.map((one) => [one, 0])) as Record<TaskState, number>
      counts[kind][state] = count
    }
    return counts
  }

  async setPaused(kind: string, paused: boolean): Promise<void> {
    await this.#db.commit([statements.setPaused(kind, paused ? 1 : 0)])
  }

  async pausedKinds(): Promise<string[]> {
    const rows = await this.#db.primary.selectFrom('task_setting').select('kind').where('paused', '=', 1).orderBy('kind').execute()
    return rows.map((row) => row.kind)
  }

  async limitKind(kind: string, concurrency: number | undefined): Promise<void> {
    await this.#db.commit([statements.setConcurrency(kind, concurrency ?? null)])
  }

  async sweep({ endedBeforeMs, keepPerKind }: { endedBeforeMs: number; keepPerKind: number }): Promise<number> {
    let swept = 0
    for (const kind of await this.#kinds()) {
      for (const state of ['done', 'cancelled'] as const) {
        const last = await this.#lastToGo(kind, state, keepPerKind)
        for (let rows = last ? 1 : 0; last && rows > 0; swept += rows) {
          const [outcome] = await this.#db.commit([statements.sweepOld(kind, state, endedBeforeMs * 1000, last.rank, last.id)])
          rows = outcome?.rows ?? 0
        }
      }
    }
    return swept
  }

  /** One process, or few that ask now and then: there is nobody to pass a ring on to. */
  passOn(): void {}

  async close(): Promise<void> {}

  /** [Q16] Microseconds, of which the clock knows only every thousandth: what happens within one millisecond keeps its order. */
  #rank(nowMs: number): number {
    this.#moment = this.#moment.ms === nowMs ? { ms: nowMs, seen: Math.min(this.#moment.seen + 1, 999) } : { ms: nowMs, seen: 0 }
    return nowMs * 1000 + this.#moment.seen
  }

  /** An order that is repeated, because its answer was lost, is answered as it was. */
  async #isDone({ id, fence, outcome }: End): Promise<boolean> {
    if (outcome.to !== 'done') return false
    const [row] = await this.#asks.byId({ id })
    return row?.state === 'done' && row.fence === fence
  }

  async #added(add: Add, isNew: boolean, nowMs: number): Promise<AddedTask> {
    if (isNew) return { id: add.id, state: add.notBeforeMs > nowMs ? 'delayed' : 'waiting', isNew }
    const standing = (await this.find(add.id)) ?? (add.key === undefined ? undefined : await this.findByKey(add.kind, add.key))
    // Over or swept between the commit and the look: it stood when it was asked.
    return standing ? { id: standing.id, state: standing.state, isNew } : { id: add.id, state: 'done', isNew }
  }

  async #taken({ kind, count }: Take, holder: string, rows: number, nowMs: number): Promise<Taken> {
    const given = rows === 0 ? [] : await this.#asks.ofHolder({ kind, holder })
    const tasks = given.map((row) => ({ task: toTask(row), fence: row.fence }))
    if (rows === count) return { tasks, isHeldBack: false, dueInMs: undefined }
    const [[waiting], [delayed]] = await Promise.all([
      this.#asks.first({ kind, state: 'waiting' }),
      this.#asks.first({ kind, state: 'delayed' }),
    ])
    const dueInMs = delayed && Math.max(0, delayed.rank / 1000 - nowMs)
    return { tasks, isHeldBack: waiting !== undefined, dueInMs }
  }

  /** It, and what stands below it, is not among the newest so many. */
  async #lastToGo(kind: string, state: TaskState, keep: number): Promise<{ rank: number; id: string } | undefined> {
    return this.#db.primary
      .selectFrom('task')
      .select(['rank', 'id'])
      .where('kind', '=', kind)
      .where('state', '=', state)
      .orderBy('rank', 'desc')
      .orderBy('id', 'desc')
      .offset(keep)
      .limit(1)
      .executeTakeFirst()
  }

  #page(kind: string, state: TaskState, limit: number, after: string | undefined): Promise<Row[]> {
    const direction = latestFirst.has(state) ? 'desc' : 'asc'
    const beyond = direction === 'asc' ? '>' : '<'
    let query = this.#db.primary.selectFrom('task').selectAll().where('kind', '=', kind).where('state', '=', state)
    const cursor = parseCursor(after)
    if (cursor) {
      query = query.where((eb) =>
        eb.or([eb('rank', beyond, cursor.rank), eb.and([eb('rank', '=', cursor.rank), eb('id', beyond, cursor.id)])]),
      )
    }
    return query.orderBy('rank', direction).orderBy('id', direction).limit(limit).execute()
  }

  async #kinds(): Promise<string[]> {
    const rows = await this.#db.primary.selectFrom('task').select('kind').distinct().execute()
    return rows.map((row) => row.kind)
  }

  async #kindOf(id: string): Promise<string> {
    return (await this.find(id))?.kind ?? ''
  }

  async #changes(statement: ReturnType<typeof statements.toCancel>): Promise<boolean> {
    const [outcome] = await this.#db.commit([statement])
    return outcome?.rows === 1
  }
}

type Asks = ReturnType<typeof prepare>

function prepare(db: Database<'task'>) {
  const from = { from: 'primary' } as const
  return {
    byId: db.prepareRead((rows, value: { id: string }) => rows.selectFrom('task').selectAll().where('id', '=', value.id), from),
    byKey: db.prepareRead(
      (rows, value: { kind: string; key: string }) =>
        rows.selectFrom('task').selectAll().where('kind', '=', value.kind).where('live_key', '=', value.key),
      from,
    ),
    ofHolder: db.prepareRead(
      (rows, value: { kind: string; holder: string }) =>
        rows
          .selectFrom('task')
          .selectAll()
          .where('kind', '=', value.kind)
          .where('state', '=', 'running')
          .where('holder', '=', value.holder)
          .orderBy('rank')
          .orderBy('id'),
      from,
    ),
    first: db.prepareRead(
      (rows, value: { kind: string; state: TaskState }) =>
        rows.selectFrom('task').select('rank').where('kind', '=', value.kind).where('state', '=', value.state).orderBy('rank').limit(1),
      from,
    ),
  }
}

const latestFirst: ReadonlySet<TaskState> = new Set(['done', 'parked', 'cancelled'])

function byRank(a: Row, b: Row): number {
  return a.rank - b.rank || (a.id < b.id ? -1 : 1)
}

function toTask(row: Row): Task {
  return {
    id: row.id,
    kind: row.kind,
    key: row.task_key ?? undefined,
    payload: JSON.parse(row.payload) as Json,
    priority: row.priority,
    state: row.state,
    attempt: row.attempt,
    maxAttempts: row.max_attempts,
    createdMs: Math.floor(row.born / 1000),
    notBeforeMs: row.not_before_ms,
    startedMs: row.started_ms ?? undefined,
    endedMs: row.ended_ms ?? undefined,
    progress: row.progress === null ? null : (JSON.parse(row.progress) as Json),
    reason: row.reason ?? undefined,
    holder: row.holder?.replace(/#[^#]*$/, ''),
  }
}
