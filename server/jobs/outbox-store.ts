import type { Database } from '#server/database/database.ts'
import type { Json } from '#server/lib/json.ts'

export type OwedRow = {
  id: string
  kind: string
  key: string | undefined
  payload: Json
  /** As it stands in the row: equal texts are equal payloads. */
  payloadText: string
  priority: number
  notBeforeMs: number | undefined
  maxAttempts: number | undefined
  taskId: string | undefined
  owedMs: number
}

/** The rows of what is owed. */
export function createOutboxStore(db: Database<'outbox'>) {
  const dueRows = db.prepareRead(
    (rows, value: { nowMs: number; limit: number }) =>
      rows.selectFrom('outbox').selectAll().where('ring_ms', '<=', value.nowMs).orderBy('ring_ms').orderBy('id').limit(value.limit),
    { from: 'primary' },
  )
  return {
    async listDue(nowMs: number, limit: number): Promise<OwedRow[]> {
      const rows = await dueRows({ nowMs, limit })
      return rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        key: row.task_key ?? undefined,
        payload: JSON.parse(row.payload) as Json,
        payloadText: row.payload,
        priority: row.priority,
        notBeforeMs: row.not_before_ms ?? undefined,
        maxAttempts: row.max_attempts ?? undefined,
        taskId: row.task_id ?? undefined,
        owedMs: row.owed_ms,
      }))
    },

    handOver: (ids: readonly string[], taskId: string, ringMs: number) =>
      db.build.updateTable('outbox').set({ task_id: taskId, ring_ms: ringMs }).where('id', 'in', ids),

    postpone: (ids: readonly string[], ringMs: number) => db.build.updateTable('outbox').set({ ring_ms: ringMs }).where('id', 'in', ids),

    delete: (ids: readonly string[]) => db.build.deleteFrom('outbox').where('id', 'in', ids),

    settle: (taskIds: readonly string[]) => db.build.deleteFrom('outbox').where('task_id', 'in', taskIds),

    ringAll: () => db.build.updateTable('outbox').set({ ring_ms: 0 }).where('ring_ms', '>', 0),

    async count(): Promise<number> {
      const row = await db.primary
        .selectFrom('outbox')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirst()
      return row?.count ?? 0
    },
  }
}
