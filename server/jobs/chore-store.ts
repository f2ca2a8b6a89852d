import type { Database, Statement } from '#server/database/database.ts'

export type ChoreRun = {
  chore: string
  slotMs: number
  isByHand: boolean
  taskId: string
  owedMs: number
  startedMs: number | undefined
  endedMs: number | undefined
  result: 'done' | 'failed' | 'cancelled' | undefined
  reason: string | undefined
}

/** What has been done by the calendar. */
export function createChoreStore(db: Database<'chore' | 'chore_run' | 'outbox'>) {
  return {
    async find(name: string): Promise<{ pattern: string; sinceMs: number } | undefined> {
      const row = await db.primary.selectFrom('chore').selectAll().where('name', '=', name).executeTakeFirst()
      return row && { pattern: row.pattern, sinceMs: row.since_ms }
    },

    create: (name: string, pattern: string, sinceMs: number): Statement =>
      db.build.insertInto('chore').values({ name, pattern, since_ms: sinceMs }),

    change: (name: string, pattern: string, sinceMs: number): Statement =>
      db.build.updateTable('chore').set({ pattern, since_ms: sinceMs }).where('name', '=', name).where('pattern', '<>', pattern),

    async hasRun(name: string, slotMs: number): Promise<boolean> {
      const row = await db.primary
        .selectFrom('chore_run')
        .select('slot_ms')
        .where('chore', '=', name)
        .where('slot_ms', '=', slotMs)
        .executeTakeFirst()
      return row !== undefined
    },

    begin: (run: { chore: string; slotMs: number; isByHand: boolean; taskId: string; nowMs: number }): Statement =>
      db.build.insertInto('chore_run').values({
        chore: run.chore,
        slot_ms: run.slotMs,
        by_hand: run.isByHand ? 1 : 0,
        task_id: run.taskId,
        owed_ms: run.nowMs,
        started_ms: null,
        ended_ms: null,
        result: null,
        reason: null,
      }),

    /** One run stands for all slots that waited for it. */
    start: (chore: string, nowMs: number): Statement =>
      db.build.updateTable('chore_run').set({ started_ms: nowMs }).where('chore', '=', chore).where('ended_ms', 'is', null),

    end: (chore: string, ended: { nowMs: number; result: NonNullable<ChoreRun['result']>; reason: string | undefined }): Statement =>
      db.build
        .updateTable('chore_run')
        .set({ ended_ms: ended.nowMs, result: ended.result, reason: ended.reason ?? null })
        .where('chore', '=', chore)
        .where('ended_ms', 'is', null)
        .where('started_ms', 'is not', null),

    async last(chore: string): Promise<ChoreRun | undefined> {
      const row = await db.primary
        .selectFrom('chore_run')
        .selectAll()
        .where('chore', '=', chore)
        .orderBy('slot_ms', 'desc')
        .limit(1)
        .executeTakeFirst()
      return (
        row && {
          chore: row.chore,
          slotMs: row.slot_ms,
          isByHand: row.by_hand === 1,
          taskId: row.task_id,
          owedMs: row.owed_ms,
          startedMs: row.started_ms ?? undefined,
          endedMs: row.ended_ms ?? undefined,
          result: row.result ?? undefined,
          reason: row.reason ?? undefined,
        }
      )
    },

    /** The task is owed no more. */
    settle: (taskId: string): Statement => db.build.deleteFrom('outbox').where('task_id', '=', taskId),

    /** The last run of each is kept: it is what the chore says of itself. */
    async sweep(beforeMs: number): Promise<void> {
      const last = await db.primary
        .selectFrom('chore_run')
        .select(['chore', ({ fn }) => fn.max('slot_ms').as('slot_ms')])
        .groupBy('chore')
        .execute()
      if (last.length === 0) return
      await db.commit(
        last.map(({ chore, slot_ms }) =>
          db.build.deleteFrom('chore_run').where('chore', '=', chore).where('slot_ms', '<', Math.min(beforeMs, slot_ms)),
        ),
      )
    },
  }
}
