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

  const countSource = (trx: Trx, row: Tables['film_source']) =>
    upsert(db.dialect, trx.insertInto('film_source').values(row), { key: ['video_id', 'day', 'source'], add: ['views'] }).execute()

  const addTo = (trx: Trx, videoId: string, column: 'likes' | 'favourites', many: number) =>
    trx
      .updateTable('video_figure')
      .set((eb) => ({ [column]: eb(column, '+', many) }))
      .where('video_id', '=', videoId)
      .execute()

  /** `more`: for each hundredth, how many were there. */
  async function countStay(trx: Trx, videoId: string, more: readonly number[], begun: number): Promise<void> {
    const row = await trx.selectFrom('film_stay').selectAll().where('video_id', '=', videoId).executeTakeFirst()
    const known = row ? (JSON.parse(row.counts) as number[]) : []
    const counts = Array.from({ length: slotCount }, (_, slot) => (known[slot] ?? 0) + (more[slot] ?? 0))
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
          await countSource(trx, { video_id: videoId, day, source: from ?? 'other', views: 1 })
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
        if (fresh.length > 0) {
          const more = Array.from({ length: slotCount }, (_, slot) => (fresh.includes(slot) ? 1 : 0))
          await countStay(trx, videoId, more, before.size === 0 ? 1 : 0)
        }
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

    /** Some likes and favourites of one film go to another, each once a person; false when nothing is left. */
    moveSome: ({ from, into }: { from: string; into: string }, limit: number): Promise<boolean> =>
      db.transaction(async (trx) => {
        const [one, other] = [await lockFigures(trx, from < into ? from : into), await lockFigures(trx, from < into ? into : from)]
        if (!one || !other) return false
        const rows = await trx.selectFrom('video_mark').selectAll().where('video_id', '=', from).limit(limit).execute()
        if (rows.length === 0) return false
        const people = [...new Set(rows.map(({ account_id }) => account_id))]
        const there = trx.selectFrom('video_mark').select(['account_id', 'kind']).where('video_id', '=', into)
        const known = new Set((await there.where('account_id', 'in', people).execute()).map((row) => `${row.kind} ${row.account_id}`))
        const fresh = rows.filter((row) => !known.has(`${row.kind} ${row.account_id}`))
        for (const kind of ['like', 'favourite'] as const) {
          const own = rows.flatMap((row) => (row.kind === kind ? [row.account_id] : []))
          if (own.length === 0) continue
          const gone = trx.deleteFrom('video_mark').where('video_id', '=', from).where('kind', '=', kind)
          await gone.where('account_id', 'in', own).execute()
          const column = kind === 'like' ? ('likes' as const) : ('favourites' as const)
          const added = fresh.filter((row) => row.kind === kind).length
          await addTo(trx, from, column, -own.length)
          await addTo(trx, into, column, added)
        }
        if (fresh.length > 0)
          await trx
            .insertInto('video_mark')
            .values(fresh.map((row) => ({ ...row, video_id: into })))
            .execute()
        return true
      }),

    /** What was counted of one film is counted of the other, once however often it is asked for. */
    moveFigures: ({ from, into }: { from: string; into: string }, nowMs: number): Promise<void> =>
      db.transaction(async (trx) => {
        const [one, other] = [await lockFigures(trx, from < into ? from : into), await lockFigures(trx, from < into ? into : from)]
        if (!one || !other) return
        const [old, kept] = from < into ? [one, other] : [other, one]
        const sums = { views: old.views + kept.views, own_views: old.own_views + kept.own_views, hot: Math.max(old.hot, kept.hot) }
        const update = trx.updateTable('video_figure')
        await update
          .set({ ...sums, counted_ms: nowMs })
          .where('video_id', '=', into)
          .execute()
        await update.set({ views: 0, own_views: 0, hot: 0 }).where('video_id', '=', from).execute()
        for (const row of await trx.selectFrom('film_day').selectAll().where('video_id', '=', from).execute())
          await countDay(trx, into, row.day, { views: row.views, watched_ms: row.watched_ms })
        for (const row of await trx.selectFrom('film_source').selectAll().where('video_id', '=', from).execute())
          await countSource(trx, { ...row, video_id: into })
        const stay = await trx.selectFrom('film_stay').selectAll().where('video_id', '=', from).executeTakeFirst()
        if (stay) await countStay(trx, into, JSON.parse(stay.counts) as number[], stay.begun)
        for (const table of ['film_day', 'film_source', 'film_stay'] as const)
          await trx.deleteFrom(table).where('video_id', '=', from).execute()
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
