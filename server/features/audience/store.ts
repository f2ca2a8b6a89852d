import type { Transaction } from 'kysely'
import type { Database } from '#server/database/database.ts'
import { insertMissing, locked, upsert } from '#server/database/portable.ts'
import type { Tables } from '#server/database/tables.ts'
import { readSlots, slotCount, writeSlots } from './slots.ts'
import { addHeat } from '#server/lib/hot.ts'

type Names = 'video_figure' | 'video_mark' | 'contribution' | 'film_day' | 'film_source' | 'film_stay'
type Trx = Transaction<Pick<Tables, Names>>
export type AudienceStore = ReturnType<typeof createAudienceStore>
export type MarkKind = Tables['video_mark']['kind']

export type Contribution = {
  videoId: string
  who: string
  day: number
  weight: number
  isView: boolean
  from?: string | undefined
  nowMs: number
}
export type Observed = { videoId: string; who: string; day: number; slots: readonly number[]; watchedMs: number; mostMs: number }

export function createAudienceStore(db: Database<Names>) {
  const lockFigures = (trx: Trx, videoId: string) =>
    locked(db.dialect, trx.selectFrom('video_figure').selectAll().where('video_id', '=', videoId)).executeTakeFirst()

  /** What one person did about a film on a day: begun where there is nothing yet, and held until the transaction ends. */
  async function lockDeeds(trx: Trx, { videoId, who, day }: Pick<Contribution, 'videoId' | 'who' | 'day'>) {
    const none = { video_id: videoId, who, day, weight: 0, is_view: 0 as const, seen: '', watched_ms: 0 }
    await insertMissing(db.dialect, trx.insertInto('contribution').values(none)).execute()
    const all = trx.selectFrom('contribution').selectAll().where('video_id', '=', videoId).where('who', '=', who).where('day', '=', day)
    return locked(db.dialect, all).executeTakeFirst()
  }

  const countDay = (trx: Trx, videoId: string, day: number, more: { views: number; watched_ms: number }) =>
    upsert(db.dialect, trx.insertInto('film_day').values({ video_id: videoId, day, ...more }), {
      key: ['video_id', 'day'],
      add: ['views', 'watched_ms'],
    }).execute()

  async function countStay(trx: Trx, videoId: string, fresh: readonly number[], begun: 0 | 1): Promise<void> {
    const row = await trx.selectFrom('film_stay').selectAll().where('video_id', '=', videoId).executeTakeFirst()
    const counts = row ? (JSON.parse(row.counts) as number[]) : Array.from({ length: slotCount }, () => 0)
    for (const slot of fresh) counts[slot] = (counts[slot] ?? 0) + 1
    const next = { video_id: videoId, begun: (row?.begun ?? 0) + begun, counts: JSON.stringify(counts) }
    await upsert(db.dialect, trx.insertInto('film_stay').values(next), { key: ['video_id'], take: ['begun', 'counts'] }).execute()
  }

  return {
    /** Of one person, film and day the strongest deed counts, and one view. Answers whether anything was new. */
    contribute: ({ videoId, who, day, weight, isView, from, nowMs }: Contribution): Promise<boolean> =>
      db.transaction(async (trx) => {
        const known = await lockDeeds(trx, { videoId, who, day })
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
        if (isNewView) {
          await countDay(trx, videoId, day, { views: 1, watched_ms: 0 })
          const source = { video_id: videoId, day, source: from ?? 'other', views: 1 }
          await upsert(db.dialect, trx.insertInto('film_source').values(source), {
            key: ['video_id', 'day', 'source'],
            add: ['views'],
          }).execute()
        }
        return isNewView
      }),

    /** Where of a film somebody was: each hundredth once a person and day, and no more time than they can have watched. */
    observe: ({ videoId, who, day, slots, watchedMs, mostMs }: Observed): Promise<void> =>
      db.transaction(async (trx) => {
        const known = await lockDeeds(trx, { videoId, who, day })
        // In the order of every other deed: the figures are locked after the person's own row.
        if (!known || !(await lockFigures(trx, videoId))) return
        const before = readSlots(known.seen)
        const fresh = slots.filter((slot) => !before.has(slot))
        const more = Math.max(0, Math.min(watchedMs, mostMs - known.watched_ms))
        if (fresh.length === 0 && more === 0) return
        const seen = writeSlots([...before, ...fresh])
        await trx
          .updateTable('contribution')
          .set({ seen, watched_ms: known.watched_ms + more })
          .where('video_id', '=', videoId)
          .where('who', '=', who)
          .where('day', '=', day)
          .execute()
        if (more > 0) await countDay(trx, videoId, day, { views: 0, watched_ms: more })
        if (fresh.length > 0) await countStay(trx, videoId, fresh, before.size === 0 ? 1 : 0)
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
