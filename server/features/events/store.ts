import type { Database } from '#server/database/database.ts'
import { messageText } from '#server/lib/message-text.ts'

export type EventStore = ReturnType<typeof createEventStore>

const atOnce = 200

export function createEventStore(db: Database<'event' | 'event_head' | 'event_epoch'>) {
  const page = db.prepareRead(
    (from, value: { accountId: string; seq: number; limit: number }) =>
      from
        .selectFrom('event')
        .select(['seq', 'kind', 'body'])
        .where('account_id', '=', value.accountId)
        .where('seq', '>', value.seq)
        .orderBy('seq')
        .limit(value.limit),
    { from: 'primary' },
  )

  return {
    async epoch(): Promise<number> {
      const { epoch } = await db.primary.selectFrom('event_epoch').select('epoch').where('id', '=', 1).executeTakeFirstOrThrow()
      return epoch
    },

    async heads(accountIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
      const rows = await db.primary.selectFrom('event_head').selectAll().where('account_id', 'in', accountIds).execute()
      return new Map(rows.map(({ account_id, last_seq }) => [account_id, last_seq]))
    },

    async after(accountId: string, seq: number, limit: number) {
      const rows = await page({ accountId, seq, limit })
      return rows.map((row) => ({ seq: row.seq, text: messageText(row.kind, row.body, row.seq) }))
    },

    /** Entries older than a moment, some at a time: how many people were swept, 0 when nothing is left. */
    async sweepOld(beforeMs: number): Promise<number> {
      const old = await db.primary
        .selectFrom((from) =>
          from
            .selectFrom('event')
            .select(['account_id', 'seq'])
            .where('created_ms', '<', beforeMs)
            .orderBy('created_ms')
            .limit(atOnce * 10)
            .as('old'),
        )
        .select((from) => ['account_id', from.fn.max('seq').as('last')])
        .groupBy('account_id')
        .execute()
      await this.cut(old.map(({ account_id, last }) => ({ accountId: account_id, last })))
      return old.length
    },

    /** What is beyond the last `most` of each log, for the next persons after `place`. Undefined: that was all. */
    async sweepLong(most: number, place: string): Promise<string | undefined> {
      const long = await db.primary
        .selectFrom('event_head')
        .selectAll()
        .where('last_seq', '>', most)
        .where('account_id', '>', place)
        .orderBy('account_id')
        .limit(atOnce)
        .execute()
      await this.cut(long.map(({ account_id, last_seq }) => ({ accountId: account_id, last: last_seq - most })))
      return long.length < atOnce ? undefined : long.at(-1)?.account_id
    },

    async forget(accountId: string): Promise<void> {
      const ofAccount = (table: 'event' | 'event_head') => db.build.deleteFrom(table).where('account_id', '=', accountId)
      await db.commit([ofAccount('event'), ofAccount('event_head')])
    },

    async cut(ends: readonly { accountId: string; last: number }[]): Promise<void> {
      if (ends.length === 0) return
      await db.commit(
        ends.map(({ accountId, last }) => db.build.deleteFrom('event').where('account_id', '=', accountId).where('seq', '<=', last)),
      )
    },
  }
}
