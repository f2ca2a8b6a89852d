import type { Transaction } from 'kysely'
import type { Database } from '#server/database/database.ts'
import { insertMissing, locked } from '#server/database/portable.ts'
import type { Tables } from '#server/database/tables.ts'
import { addHeat } from '#server/lib/hot.ts'

type Names = 'video_figure' | 'video_mark' | 'contribution'
type Trx = Transaction<Pick<Tables, Names>>
export type AudienceStore = ReturnType<typeof createAudienceStore>
export type MarkKind = Tables['video_mark']['kind']

export type Contribution = { videoId: string; who: string; day: number; weight: number; isView: boolean; nowMs: number }

export function createAudienceStore(db: Database<Names>) {
  const lockFigures = (trx: Trx, videoId: string) =>
    locked(db.dialect, trx.selectFrom('video_figure').selectAll().where('video_id', '=', videoId)).executeTakeFirst()

  return {
    /** Of one person, film and day the strongest deed counts, and one view. Answers whether anything was new. */
    contribute: ({ videoId, who, day, weight, isView, nowMs }: Contribution): Promise<boolean> =>
      db.transaction(async (trx) => {
        const key = { video_id: videoId, who, day }
        await insertMissing(db.dialect, trx.insertInto('contribution').values({ ...key, weight: 0, is_view: 0 })).execute()
        const all = trx.selectFrom('contribution').selectAll().where('video_id', '=', videoId).where('who', '=', who).where('day', '=', day)
        const known = await locked(db.dialect, all).executeTakeFirst()
        if (!known) return false
        const more = Math.max(0, weight - known.weight)
        const isNewView = isView && known.is_view === 0
        if (more === 0 && !isNewView) return false
        const figures = await lockFigures(trx, videoId)
        if (!figures) return false
        await trx
          .updateTable('contribution')
          .set({ weight: known.weight + more, is_view: isNewView ? 1 : known.is_view })
          .where('video_id', '=', videoId)
          .where('who', '=', who)
          .where('day', '=', day)
          .execute()
        await trx
          .updateTable('video_figure')
          .set({ hot: addHeat(figures.hot, more / 1000, nowMs), views: figures.views + (isNewView ? 1 : 0), counted_ms: nowMs })
          .where('video_id', '=', videoId)
          .execute()
        return isNewView
      }),

    async countOwnView(videoId: string): Promise<void> {
      const update = db.build.updateTable('video_figure').set((eb) => ({ own_views: eb('own_views', '+', 1) }))
      await db.commit([update.where('video_id', '=', videoId)])
    },

    /** Whether it was otherwise before. */
    mark: (one: { videoId: string; accountId: string; kind: MarkKind; isOn: boolean; nowMs: number }): Promise<boolean> =>
      db.transaction(async (trx) => {
        const { videoId, accountId, kind, isOn, nowMs } = one
        const figures = await lockFigures(trx, videoId)
        if (!figures) return false
        const own = trx.selectFrom('video_mark').select('video_id').where('account_id', '=', accountId)
        const there = await own.where('kind', '=', kind).where('video_id', '=', videoId).executeTakeFirst()
        if ((there !== undefined) === isOn) return false
        if (isOn) await trx.insertInto('video_mark').values({ account_id: accountId, kind, video_id: videoId, created_ms: nowMs }).execute()
        else
          await trx
            .deleteFrom('video_mark')
            .where('account_id', '=', accountId)
            .where('kind', '=', kind)
            .where('video_id', '=', videoId)
            .execute()
        const step = isOn ? 1 : -1
        const change = kind === 'like' ? { likes: figures.likes + step } : { favourites: figures.favourites + step }
        await trx
          .updateTable('video_figure')
          .set({ ...change, counted_ms: nowMs })
          .where('video_id', '=', videoId)
          .execute()
        return true
      }),

    async countOf(accountId: string): Promise<number> {
      const all = db.primary.selectFrom('video_mark').select((eb) => eb.fn.countAll().as('count'))
      return Number((await all.where('account_id', '=', accountId).executeTakeFirst())?.count ?? 0)
    },

    marksOf: (accountId: string, limit: number) =>
      db.primary.selectFrom('video_mark').select(['kind', 'video_id']).where('account_id', '=', accountId).limit(limit).execute(),

    /** Some of what is older than a day; false when nothing is left. */
    async sweep(beforeDay: number, limit: number): Promise<boolean> {
      const old = db.primary.selectFrom('contribution').select(['day', 'video_id']).distinct().where('day', '<', beforeDay).orderBy('day')
      const [first, ...rest] = await old.limit(limit).execute()
      if (!first) return false
      const ids = [first, ...rest].filter(({ day }) => day === first.day).map(({ video_id }) => video_id)
      await db.commit([db.build.deleteFrom('contribution').where('day', '=', first.day).where('video_id', 'in', ids)])
      return true
    },
  }
}
