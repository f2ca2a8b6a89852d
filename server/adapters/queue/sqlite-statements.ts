import { type Compilable, CompiledQuery } from 'kysely'
import type { Json } from '#server/lib/json.ts'
import type { Add, Beat, End, Take } from './backend.ts'
import { rankOf } from './backend.ts'

/**
 * The orders as statements, written out: building them anew each time would cost more than running them. All of them name the state and the
 * number they expect, so that whoever comes late changes nothing, and says so by the count of rows.
 */
type Value = string | number | null

function statement(sql: string): (...values: Value[]) => Compilable {
  return (...values) => ({ compile: () => CompiledQuery.raw(sql, values) })
}

const insert = statement(
  `insert or ignore into task (id, kind, task_key, live_key, payload, priority, rank, state, attempt, max_attempts, born, not_before_ms, fence)
   values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 0)`,
)

export function toInsert(add: Add, nowMs: number): Compilable {
  const { id, kind, key = null, payload, priority, maxAttempts, born, notBeforeMs } = add
  const isDelayed = notBeforeMs > nowMs
  const rank = isDelayed ? notBeforeMs * 1000 : rankOf(born, priority)
  const state = isDelayed ? 'delayed' : 'waiting'
  return insert(id, kind, key, key, JSON.stringify(payload), priority, rank, state, maxAttempts, born, notBeforeMs)
}

const beat = statement(
  `update task set lease_until_ms = ?, lease_length = ?, progress = coalesce(?, progress) where id = ? and fence = ? and state = 'running'`,
)

export function toBeat({ id, fence, leaseMs, progress }: Beat, nowMs: number): Compilable {
  return beat(nowMs + leaseMs, leaseMs, toText(progress), id, fence)
}

const ours = `where id = ? and fence = ? and state = 'running' and lease_until_ms = coalesce(?, lease_until_ms)`

const done = statement(
  `update task set state = 'done', rank = ?, live_key = null, ended_ms = ?, lease_until_ms = null, reason = null, progress = coalesce(?, progress) ${ours}`,
)
const park = statement(`update task set state = 'parked', rank = ?, ended_ms = ?, lease_until_ms = null, reason = ? ${ours}`)
const delay = statement(
  `update task set state = 'delayed', rank = ?, not_before_ms = ?, attempt = attempt - ?, lease_until_ms = null, reason = ? ${ours}`,
)
const putBack = statement(
  `update task set state = 'waiting', rank = born - priority * 60000000, attempt = attempt - ?, lease_until_ms = null, reason = ? ${ours}`,
)

/** `rank`: the moment in microseconds, by which what has ended is listed. */
export function toEnd({ id, fence, expiredAt, outcome }: End, nowMs: number, rank: number): Compilable {
  const here = [id, fence, expiredAt ?? null] as const
  if (outcome.to === 'done') return done(rank, nowMs, toText(outcome.progress), ...here)
  if (outcome.to === 'parked') return park(rank, nowMs, outcome.reason, ...here)
  const { delayMs, uncount, reason = null } = outcome
  if (delayMs <= 0) return putBack(uncount ? 1 : 0, reason, ...here)
  const dueMs = nowMs + Math.ceil(delayMs)
  return delay(dueMs * 1000, dueMs, uncount ? 1 : 0, reason, ...here)
}

const promote = statement(
  `update task set state = 'waiting', rank = born - priority * 60000000 where kind = ? and state = 'delayed' and rank <= ?`,
)
/** [Q7] One number for all that are taken in one statement: it has to differ from taking to taking of one task. */
const raiseFence = statement(
  `insert into task_fence (id, fence) select 1, ? where exists (select 1 from task where kind = ? and state = 'waiting')
   on conflict (id) do update set fence = max(task_fence.fence + 1, excluded.fence)`,
)
/** [Q12] [Q13] What may be given at most: nothing of a paused kind, and no more than its limit leaves. */
const allowance = `(select case when setting.paused = 1 then 0 when setting.concurrency is null then ? else
    max(0, min(?, setting.concurrency - (select count(*) from task where kind = ? and state = 'running'))) end
  from (select ? as kind) asked left join task_setting setting on setting.kind = asked.kind)`
const take = statement(
  `update task set state = 'running', fence = (select fence from task_fence where id = 1), attempt = attempt + 1, holder = ?,
     started_ms = ?, lease_length = ?, lease_until_ms = ?
   where id in (select id from task where kind = ? and state = 'waiting' order by rank, id limit ${allowance})`,
)

export function toTake({ kind, count, leaseMs }: Take, holder: string, nowMs: number): Compilable[] {
  return [
    promote(kind, nowMs * 1000),
    raiseFence(nowMs * 1000, kind),
    take(holder, nowMs, leaseMs, nowMs + leaseMs, kind, count, count, kind, kind),
  ]
}

/** Which of the statements of `toTake` tells how many were taken. */
export const takeStatements = 3

const cancel = statement(
  `update task set state = 'cancelled', rank = ?, live_key = null, ended_ms = ?, lease_until_ms = null
   where id = ? and state in ('waiting', 'delayed', 'running', 'parked')`,
)

export function toCancel(id: string, nowMs: number, rank: number): Compilable {
  return cancel(rank, nowMs, id)
}

/** Before everything that has an age; among themselves in the order of the wishes. */
const firstOfAll = -4_000_000_000_000_000
const runNow = statement(
  `update task set state = 'waiting', rank = ?, attempt = case when state = 'parked' then 0 else attempt end, ended_ms = null
   where id = ? and state in ('waiting', 'delayed', 'parked')`,
)

export function toRunNow(id: string, rank: number): Compilable {
  return runNow(firstOfAll + rank, id)
}

const prioritise = statement(
  `update task set priority = ?, rank = case when state = 'waiting' then born - ? * 60000000 else rank end
   where id = ? and state in ('waiting', 'delayed', 'running')`,
)

export function toPrioritise(id: string, priority: number): Compilable {
  return prioritise(priority, priority, id)
}

export const setPaused = statement(
  'insert into task_setting (kind, paused) values (?, ?) on conflict (kind) do update set paused = excluded.paused',
)
export const setConcurrency = statement(
  'insert into task_setting (kind, concurrency) values (?, ?) on conflict (kind) do update set concurrency = excluded.concurrency',
)

/** The oldest first, some at a time: a long statement would keep everybody else from writing. */
export const sweepOld = statement(
  'delete from task where id in (select id from task where kind = ? and state = ? and rank < ? and (rank, id) <= (?, ?) limit 500)',
)

function toText(value: Json | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
