import { type Compilable, CompiledQuery, type Transaction } from 'kysely'
import { newId } from '#server/lib/id.ts'
import type { Json } from '#server/lib/json.ts'
import type { DatabaseOf } from './database.ts'

/** A task that must be done because of what a transaction changes. */
export type OwedTask = {
  /** `newId()`, for whoever wants to find or cancel it. */
  id?: string
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
  const { id = newId(nowMs), kind, key = null, payload, priority = 0, notBeforeMs = null, maxAttempts = null } = task
  const values = [id, kind, key, JSON.stringify(payload), priority, notBeforeMs, maxAttempts, 0, nowMs]
  const statement = { compile: () => CompiledQuery.raw(insert, values) }
  owing.add(statement)
  return statement
}

/** Owes it in a transaction. */
export async function oweIn(trx: Pick<Transaction<never>, 'executeQuery'>, task: OwedTask): Promise<void> {
  await trx.executeQuery(owe(task).compile())
  owing.add(trx)
}

/**
 * The same database, that says when something has been owed in it and the commit has succeeded. Whoever hands over what is owed need not look
 * for it, and features need not ring.
 */
export function withBell<T>(db: DatabaseOf<T>, ring: () => void): DatabaseOf<T> {
  return {
    get read() {
      return db.read
    },
    get primary() {
      return db.primary
    },
    build: db.build,
    dialect: db.dialect,
    prepareRead: (build, options) => db.prepareRead(build, options),
    prepareWrite: (build) => db.prepareWrite(build),
    pick: <N extends keyof T>() => withBell<Pick<T, N>>(db.pick<N>(), ring),
    async commit(statements) {
      const outcomes = await db.commit(statements)
      if (statements.some((statement) => owing.has('query' in statement ? statement.query : statement))) ring()
      return outcomes
    },
    async transaction(work) {
      let last: object | undefined
      const result = await db.transaction((trx) => {
        last = trx
        return work(trx)
      })
      if (last && owing.has(last)) ring()
      return result
    },
  }
}
