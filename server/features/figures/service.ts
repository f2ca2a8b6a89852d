import type { Viewer } from '#server/lib/viewer.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import { viewSources, type VideoFigures } from '#shared/api/figures.ts'
import type { Videos } from '../videos/index.ts'
import type { FigureStore } from './store.ts'

export type FigureParts = {
  store: FigureStore
  videos: Pick<Videos, 'change'>
  cache: Pick<Cache, 'get'>
  clock: Clock
}

export type FigureService = ReturnType<typeof createFigureService>

const dayMs = 86_400_000
const nameOf = (day: number) => new Date(day * dayMs).toISOString().slice(0, 10)

export function createFigureService({ store, videos, cache, clock }: FigureParts) {
  async function load(videoId: string, today: number, days: number): Promise<VideoFigures> {
    const first = today - days + 1
    const [totals, people, comments, danmaku, perDay, sources, stay, starts] = await Promise.all([
      store.totals(videoId),
      store.people(videoId),
      store.comments(videoId),
      store.danmaku(videoId),
      store.days(videoId, first),
      store.sources(videoId, first),
      store.stays(videoId),
      store.starts(videoId, nameOf(first)),
    ])
    const known = new Map(perDay.map((row) => [row.day, row]))
    const from = new Map(sources.map((row) => [row.source, Number(row.views)]))
    const shares = stay && stay.begun > 0 ? (JSON.parse(stay.counts) as number[]).map((count) => Math.min(1, count / stay.begun)) : []
    return {
      ...{ views: totals?.views ?? 0, likes: totals?.likes ?? 0, people, comments, danmaku },
      watchedMs: perDay.reduce((sum, row) => sum + row.watched_ms, 0),
      days: Array.from({ length: days }, (_, place) => {
        const row = known.get(first + place)
        return { day: nameOf(first + place), views: row?.views ?? 0, watchedMs: row?.watched_ms ?? 0 }
      }),
      stays: shares.map((share) => Math.round(share * 1000) / 1000),
      sources: viewSources.map((source) => ({ from: source, views: from.get(source) ?? 0 })).filter(({ views }) => views > 0),
      meanStartMs: starts.plays === 0 ? null : Math.round(starts.startMs / starts.plays),
    }
  }

  return {
    /** For whoever may change the film. Counting takes its time where much was watched: half a minute old at most. */
    async of(viewer: Viewer, videoId: string, days = 28): Promise<VideoFigures> {
      const { id } = await videos.change(viewer, videoId)
      const today = Math.floor(clock.now() / dayMs)
      return cache.get(`figures:${id}:${today}:${days}`, { freshMs: 30_000, tags: [`figures:${id}`] }, () => load(id, today, days))
    },

    /** A line a day: for tables of one's own. */
    async csv(viewer: Viewer, videoId: string, days = 28): Promise<string> {
      const figures = await this.of(viewer, videoId, days)
      const lines = figures.days.map(({ day, views, watchedMs }) => `${day},${views},${watchedMs}`)
      return ['day,views,watched_ms', ...lines, ''].join('\r\n')
    },
  }
}
