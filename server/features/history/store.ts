import type { Database, Value } from '#server/database/database.ts'
import { keyset, pageOf } from '#server/database/keyset.ts'
import { insertMissing, upsert } from '#server/database/portable.ts'
import type { Tables } from '#server/database/tables.ts'

export type HistoryStore = ReturnType<typeof createHistoryStore>
export type WatchRow = Tables['watch']

export function createHistoryStore(db: Database<'watch' | 'history_pause' | 'video'>) {
  const pauseOf = (accountId: string) => db.primary.selectFrom('history_pause').select('since_ms').where('account_id', '=', accountId)

  return {
    isPaused: async (accountId: string): Promise<boolean> => (await pauseOf(accountId).executeTakeFirst()) !== undefined,

    async pause(accountId: string, sinceMs: number | undefined): Promise<void> {
      const row = { account_id: accountId, since_ms: sinceMs ?? 0 }
      await db.commit([
        sinceMs === undefined
          ? db.build.deleteFrom('history_pause').where('account_id', '=', accountId)
          : insertMissing(db.dialect, db.build.insertInto('history_pause').values(row)),
      ])
    },

    async put(row: WatchRow): Promise<void> {
      const take = ['at_ms', 'duration_ms', 'is_finished', 'seen_ms'] as const
      await db.commit([upsert(db.dialect, db.build.insertInto('watch').values(row), { key: ['account_id', 'video_id'], take })])
    },

    async list(accountId: string, after: readonly Value[] | undefined, limit: number) {
      const all = db.primary
        .selectFrom('watch')
        .innerJoin('video', 'video.id', 'watch.video_id')
        .selectAll('watch')
        .select('video.title')
        .where('watch.account_id', '=', accountId)
        .where('video.deleted_ms', 'is', null)
      const by = [['watch.seen_ms', 'desc'] as const, ['watch.video_id', 'desc'] as const]
      return pageOf(await keyset(all, { by, after, limit }).execute(), limit, (row) => [row.seen_ms, row.video_id])
    },

    async forget(accountId: string, videoId: string | undefined): Promise<void> {
      const own = db.build.deleteFrom('watch').where('account_id', '=', accountId)
      await db.commit([videoId === undefined ? own : own.where('video_id', '=', videoId)])
    },

    /** Where somebody stopped in both films, what they saw of the one that stays holds. */
    async moveSome({ from, into }: { from: string; into: string }, limit: number): Promise<boolean> {
      const rows = await db.primary.selectFrom('watch').selectAll().where('video_id', '=', from).limit(limit).execute()
      if (rows.length === 0) return false
      const people = rows.map(({ account_id }) => account_id)
      await db.commit([
        insertMissing(db.dialect, db.build.insertInto('watch').values(rows.map((row) => ({ ...row, video_id: into })))),
        db.build.deleteFrom('watch').where('video_id', '=', from).where('account_id', 'in', people),
      ])
      return true
    },

    async countOf(accountId: string): Promise<number> {
      const all = db.primary.selectFrom('watch').select((eb) => eb.fn.countAll().as('count'))
      return Number((await all.where('account_id', '=', accountId).executeTakeFirst())?.count ?? 0)
    },
  }
}
