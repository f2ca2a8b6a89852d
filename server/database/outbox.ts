import { type Compilable, CompiledQuery, type Transaction } from 'kysely'
import { newId } from '#server/lib/id.ts'
import type { Json } from '#server/lib/json.ts'

/** A task that must be done because of what a transaction changes. */
export type OwedTask = {
  kind: string
  payload: Json
  /** Owed ones of one kind and key never run at the same time; those that are alike and owed before the run begins share one run. */
  key?: string
  priority?: number
  notBeforeMs?: number
  maxAttempts?: number
}

const insert =
  'insert into outbox (id, kind, task_key, payload, priority, not_before_ms, max_attempts, task_id, ring_ms, owed_ms) values (?, ?, ?, ?, ?, ?, ?, null, ?, ?)'

const owing = new WeakSet<object>()

/** The statement that owes it, for `db.commit`: all or none with the others. */
export function owe(task: OwedTask): Compilable {
  const nowMs = Date.now()
  const { kind, key = null, payload, priority = 0, notBeforeMs = null, maxAttempts = null } = task
  const values = [newId(nowMs), kind, key, JSON.stringify(payload), priority, notBeforeMs, maxAttempts, 0, nowMs]
  const statement = { compile: () => CompiledQuery.raw(insert, values) }
  owing.add(statement)
  return statement
}

/** Owes it in a transaction. */
export async function oweIn(trx: Pick<Transaction<never>, 'executeQuery'>, task: OwedTask): Promise<void> {
  await trx.executeQuery(owe(task).compile())
  owing.add(trx)
}
