import type { Database } from '#server/database/database.ts'
import { sum } from '#server/database/portable.ts'
import { sql } from 'kysely'

export type FigureStore = ReturnType<typeof createFigureStore>

/** Each query of docs/figures.md, by the name of its figure. */
export function createFigureStore(
  db: Database<'video_figure' | 'film_day' | 'film_source' | 'film_stay' | 'watch' | 'comment_place' | 'danmaku_slot' | 'stream_figure'>,
) {
  return {
    totals: (videoId: string) =>
      db.read.selectFrom('video_figure').select(['views', 'likes']).where('video_id', '=', videoId).executeTakeFirst(),

    async people(videoId: string): Promise<number> {
      const all = db.read.selectFrom('watch').select((eb) => eb.fn.countAll().as('count'))
      return Number((await all.where('video_id', '=', videoId).executeTakeFirst())?.count ?? 0)
    },

    async comments(videoId: string): Promise<number> {
      const place = db.read.selectFrom('comment_place').select('total').where('video_id', '=', videoId)
      return (await place.executeTakeFirst())?.total ?? 0
    },

    async danmaku(videoId: string): Promise<number> {
      const slots = db.read
        .selectFrom('danmaku_slot')
        .select(sum(sql.ref('count')).as('count'))
        .where('video_id', '=', videoId)
      return Number((await slots.executeTakeFirst())?.count ?? 0)
    },

    days: (videoId: string, fromDay: number) =>
      db.read
        .selectFrom('film_day')
        .select(['day', 'views', 'watched_ms'])
        .where('video_id', '=', videoId)
        .where('day', '>=', fromDay)
        .orderBy('day')
        .execute(),

    sources: (videoId: string, fromDay: number) =>
      db.read
        .selectFrom('film_source')
        .select(['source', sum(sql.ref('views')).as('views')])
        .where('video_id', '=', videoId)
        .where('day', '>=', fromDay)
        .groupBy('source')
        .execute(),

    stays: (videoId: string) => db.read.selectFrom('film_stay').selectAll().where('video_id', '=', videoId).executeTakeFirst(),

    async starts(videoId: string, fromDay: string): Promise<{ plays: number; startMs: number }> {
      const all = db.read.selectFrom('stream_figure').where('video_id', '=', videoId).where('day', '>=', fromDay)
      const row = await all.select([sum(sql.ref('plays')).as('plays'), sum(sql.ref('start_ms')).as('start_ms')]).executeTakeFirst()
      return { plays: Number(row?.plays ?? 0), startMs: Number(row?.start_ms ?? 0) }
    },
  }
}
