import { commitIfExpected } from '#server/database/commit-if-expected.ts'
import type { Database, Statement, Value } from '#server/database/database.ts'
import { keyset, pageOf } from '#server/database/keyset.ts'
import { insertMissing, locked, upsert } from '#server/database/portable.ts'
import type { Tables } from '#server/database/tables.ts'

type Names = 'danmaku' | 'danmaku_like' | 'danmaku_slot' | 'account'
export type DanmakuStore = ReturnType<typeof createDanmakuStore>
export type DanmakuRow = Tables['danmaku']

const slotOf = (atMs: number) => Math.floor(atMs / 1000)

export function createDanmakuStore(db: Database<Names>) {
  /** In the order of seconds, or two that write to the same ones would wait for each other. */
  function count(videoId: string, rows: readonly Pick<DanmakuRow, 'at_ms'>[], step: 1 | -1): Statement[] {
    const counts = new Map<number, number>()
    for (const { at_ms } of rows) counts.set(slotOf(at_ms), (counts.get(slotOf(at_ms)) ?? 0) + step)
    const slots = [...counts].sort(([a], [b]) => a - b)
    if (slots.length === 0) return []
    const values = slots.map(([slot, many]) => ({ video_id: videoId, slot, count: many }))
    return [upsert(db.dialect, db.build.insertInto('danmaku_slot').values(values), { key: ['video_id', 'slot'], add: ['count'] })]
  }

  const visible = (videoId: string) => db.read.selectFrom('danmaku').selectAll().where('video_id', '=', videoId).where('is_hidden', '=', 0)

  return {
    /** Those of a span, in order; the latest where there are more. */
    async span(videoId: string, fromMs: number, toMs: number, limit: number): Promise<DanmakuRow[]> {
      const all = visible(videoId).where('at_ms', '>=', fromMs).where('at_ms', '<', toMs)
      return all.orderBy('at_ms').orderBy('id').limit(limit).execute()
    },

    async list(videoId: string, after: readonly Value[] | undefined, limit: number) {
      const by = [['at_ms', 'asc'] as const, ['id', 'asc'] as const]
      return pageOf(await keyset(visible(videoId), { by, after, limit }).execute(), limit, (row) => [row.at_ms, row.id])
    },

    slots: (videoId: string) =>
      db.read
        .selectFrom('danmaku_slot')
        .select(['slot', 'count'])
        .where('video_id', '=', videoId)
        .where('count', '>', 0)
        .orderBy('slot')
        .execute(),

    find: (id: string): Promise<DanmakuRow | undefined> =>
      db.primary.selectFrom('danmaku').selectAll().where('id', '=', id).executeTakeFirst(),

    lastOf: (authorId: string, sinceMs: number, limit: number) =>
      db.primary
        .selectFrom('danmaku')
        .select(['video_id', 'text', 'at_ms'])
        .where('author_id', '=', authorId)
        .where('created_ms', '>=', sinceMs)
        .where('is_import', '=', 0)
        .orderBy('created_ms', 'desc')
        .limit(limit)
        .execute(),

    /** All of one film. */
    async add(rows: readonly DanmakuRow[]): Promise<void> {
      const [first] = rows
      if (!first) return
      await db.commit([db.build.insertInto('danmaku').values(rows), ...count(first.video_id, rows, 1)])
    },

    /** False: it was gone already. */
    remove: (id: string): Promise<boolean> =>
      db.transaction(async (trx) => {
        const row = await locked(db.dialect, trx.selectFrom('danmaku').selectAll().where('id', '=', id)).executeTakeFirst()
        if (!row) return false
        await trx.deleteFrom('danmaku').where('id', '=', id).execute()
        if (row.is_hidden === 1) return true
        const slot = trx.updateTable('danmaku_slot').set((eb) => ({ count: eb('count', '-', 1) }))
        await slot.where('video_id', '=', row.video_id).where('slot', '=', slotOf(row.at_ms)).execute()
        return true
      }),

    async hide(id: string): Promise<void> {
      const row = await db.primary.selectFrom('danmaku').selectAll().where('id', '=', id).executeTakeFirst()
      if (!row || row.is_hidden === 1) return
      const update = db.build.updateTable('danmaku').set({ is_hidden: 1 }).where('id', '=', id).where('is_hidden', '=', 0)
      await db.commit([{ query: update, rows: 1 }, ...count(row.video_id, [row], -1)])
    },

    /** Counted once a person. */
    like: (id: string, accountId: string, isOn: boolean): Promise<void> =>
      db.transaction(async (trx) => {
        const row = await locked(db.dialect, trx.selectFrom('danmaku').select('likes').where('id', '=', id)).executeTakeFirst()
        if (!row) return
        const own = trx.selectFrom('danmaku_like').select('danmaku_id').where('danmaku_id', '=', id).where('account_id', '=', accountId)
        if (((await own.executeTakeFirst()) !== undefined) === isOn) return
        if (isOn)
          await insertMissing(db.dialect, trx.insertInto('danmaku_like').values({ danmaku_id: id, account_id: accountId })).execute()
        else await trx.deleteFrom('danmaku_like').where('danmaku_id', '=', id).where('account_id', '=', accountId).execute()
        await trx
          .updateTable('danmaku')
          .set({ likes: row.likes + (isOn ? 1 : -1) })
          .where('id', '=', id)
          .execute()
      }),

    /** Of one film: what somebody likes of a span. */
    async likedBy(accountId: string, videoId: string, fromMs: number, toMs: number): Promise<string[]> {
      const rows = await db.primary
        .selectFrom('danmaku_like')
        .innerJoin('danmaku', 'danmaku.id', 'danmaku_like.danmaku_id')
        .select('danmaku.id')
        .where('danmaku_like.account_id', '=', accountId)
        .where('danmaku.video_id', '=', videoId)
        .where('danmaku.at_ms', '>=', fromMs)
        .where('danmaku.at_ms', '<', toMs)
        .limit(1000)
        .execute()
      return rows.map(({ id }) => id)
    },

    async authors(ids: readonly string[]) {
      if (ids.length === 0) return new Map<string, Pick<Tables['account'], 'id' | 'name' | 'display_name' | 'avatar'>>()
      const rows = await db.read.selectFrom('account').select(['id', 'name', 'display_name', 'avatar']).where('id', 'in', ids).execute()
      return new Map(rows.map((row) => [row.id, row]))
    },

    /** The latest of one person, over whatever film. */
    latestOf: (authorId: string, limit: number): Promise<DanmakuRow[]> =>
      db.primary
        .selectFrom('danmaku')
        .selectAll()
        .where('author_id', '=', authorId)
        .where('is_import', '=', 0)
        .orderBy('created_ms', 'desc')
        .limit(limit)
        .execute(),

    async countOf(authorId: string): Promise<number> {
      const all = db.primary.selectFrom('danmaku').select((eb) => eb.fn.countAll().as('count'))
      return Number((await all.where('author_id', '=', authorId).executeTakeFirst())?.count ?? 0)
    },

    someOf: (authorId: string, limit: number) =>
      db.primary.selectFrom('danmaku').select(['id', 'video_id', 'at_ms']).where('author_id', '=', authorId).limit(limit).execute(),

    /** Some of what flies over a film goes to another; false when nothing is left. Who sent it is said anew, as of that film. */
    async moveSome({ from, into }: { from: string; into: string }, senderOf: (accountId: string) => string, limit: number) {
      const all = db.primary.selectFrom('danmaku').select(['id', 'author_id', 'at_ms', 'is_import', 'is_hidden'])
      const rows = await all.where('video_id', '=', from).limit(limit).execute()
      if (rows.length === 0) return false
      const groups = Map.groupBy(rows, ({ author_id, is_import }) => (is_import === 1 ? '' : author_id))
      const moves = [...groups].map(([authorId, some]) => {
        const ids = some.map(({ id }) => id)
        const set = { video_id: into, ...(authorId === '' ? {} : { sender: senderOf(authorId) }) }
        const update = db.build.updateTable('danmaku').set(set).where('video_id', '=', from).where('id', 'in', ids)
        return { query: update, rows: ids.length }
      })
      const counted = rows.filter((row) => row.is_hidden === 0)
      await commitIfExpected(db, [...moves, ...count(into, counted, 1), ...count(from, counted, -1)])
      return true
    },

    /** Some of what flies over a video that is gone; false when nothing is left. */
    async forgetSomeOf(videoId: string, limit: number): Promise<boolean> {
      const rows = await db.primary.selectFrom('danmaku').select('id').where('video_id', '=', videoId).limit(limit).execute()
      if (rows.length === 0) return false
      const ids = rows.map(({ id }) => id)
      await db.commit([db.build.deleteFrom('danmaku').where('id', 'in', ids)])
      return true
    },
  }
}
