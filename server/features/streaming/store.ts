import type { Database } from '#server/database/database.ts'
import { upsert } from '#server/database/portable.ts'
import type { StreamFigures, StreamReportBody } from '#shared/api/films.ts'

const day = (nowMs: number) => new Date(nowMs).toISOString().slice(0, 10)
const dayMs = 86_400_000

/** How films were seen, as their players say: sums by day and film, with nobody in them. */
export function createReportStore(db: Database<'stream_figure'>) {
  return {
    async add(videoId: string, report: StreamReportBody, nowMs: number): Promise<void> {
      const { startMs, watchedMs, stalls, stalledMs, kbps = 0, errors } = report
      const row = {
        day: day(nowMs),
        video_id: videoId,
        plays: startMs === undefined ? 0 : 1,
        start_ms: startMs ?? 0,
        stalls,
        stalled_ms: stalledMs,
        watched_ms: watchedMs,
        errors,
        bits: Math.round((kbps * watchedMs) / 1000),
      }
      await db.commit([
        upsert(db.dialect, db.build.insertInto('stream_figure').values(row), {
          key: ['day', 'video_id'],
          add: ['plays', 'start_ms', 'stalls', 'stalled_ms', 'watched_ms', 'errors', 'bits'],
        }),
      ])
    },

    /** The last so many days, the newest first. */
    async days(count: number, nowMs: number): Promise<StreamFigures['days']> {
      const rows = await db.read
        .selectFrom('stream_figure')
        .select((eb) => [
          'day',
          eb.fn.sum<number>('plays').as('plays'),
          eb.fn.sum<number>('start_ms').as('startMs'),
          eb.fn.sum<number>('stalls').as('stalls'),
          eb.fn.sum<number>('stalled_ms').as('stalledMs'),
          eb.fn.sum<number>('watched_ms').as('watchedMs'),
          eb.fn.sum<number>('errors').as('errors'),
          eb.fn.sum<number>('bits').as('bits'),
        ])
        .where('day', '>', day(nowMs - count * dayMs))
        .groupBy('day')
        .orderBy('day', 'desc')
        .limit(count)
        .execute()
      return rows.map((row) => {
        const [plays, startMs, watchedMs] = [Number(row.plays), Number(row.startMs), Number(row.watchedMs)]
        return {
          day: row.day,
          plays,
          meanStartMs: plays === 0 ? null : Math.round(startMs / plays),
          stalls: Number(row.stalls),
          stalledMs: Number(row.stalledMs),
          watchedMs,
          errors: Number(row.errors),
          meanKbps: watchedMs === 0 ? null : Math.round((Number(row.bits) * 1000) / watchedMs),
        }
      })
    },

    forget: async (videoId: string): Promise<void> =>
      void (await db.commit([db.build.deleteFrom('stream_figure').where('video_id', '=', videoId)])),
  }
}

export type ReportStore = ReturnType<typeof createReportStore>
