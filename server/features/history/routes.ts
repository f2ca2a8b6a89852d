import { type Route, route } from '#server/http/route.ts'
import { HistoryExport, HistoryPage, HistoryQuery, PausedBody, ProgressBody } from '#shared/api/history.ts'
import { VideoParams } from '#shared/api/videos.ts'
import type { HistoryService } from './service.ts'

const area = 'History'
const private_ = { 'cache-control': 'private, no-store' }
const progress = { name: 'progress', limit: { count: 120, periodMs: 60_000, burst: 60 }, per: 'person' } as const

export function historyRoutes(service: HistoryService): Route[] {
  return [
    route({
      method: 'PUT',
      path: '/videos/:vid/progress',
      area,
      summary: 'Where the film stands now, for this person on every device.',
      access: 'person',
      params: VideoParams,
      body: ProgressBody,
      limits: [progress],
      answers: { 204: null },
      async handle({ viewer, params, body, headers }) {
        await service.put(viewer, { ...params, cookie: headers.cookie }, body)
        return { status: 204 }
      },
    }),
    route({
      method: 'GET',
      path: '/history',
      area,
      summary: 'What one watched, what was seen last first; with `q` those whose title has these words.',
      access: 'person',
      query: HistoryQuery,
      answers: { 200: HistoryPage },
      handle: async ({ viewer, query }) => ({ status: 200, headers: private_, body: await service.list(viewer, query) }),
    }),
    route({
      method: 'GET',
      path: '/history/export',
      area,
      summary: 'All of it, to take along.',
      access: 'person',
      answers: { 200: HistoryExport },
      handle: async ({ viewer }) => ({
        status: 200,
        headers: { ...private_, 'content-disposition': 'attachment; filename="history.json"' },
        body: await service.export(viewer),
      }),
    }),
    route({
      method: 'PUT',
      path: '/history/paused',
      area,
      summary: 'Write nothing down from now on, or go on writing.',
      access: 'person',
      body: PausedBody,
      answers: { 204: null },
      async handle({ viewer, body }) {
        await service.pause(viewer, body.isPaused)
        return { status: 204 }
      },
    }),
    route({
      method: 'DELETE',
      path: '/history',
      area,
      summary: 'Forget all of it.',
      access: 'person',
      answers: { 204: null },
      async handle({ viewer }) {
        await service.forget(viewer)
        return { status: 204 }
      },
    }),
    route({
      method: 'DELETE',
      path: '/history/:vid',
      area,
      summary: 'Forget that one watched this.',
      access: 'person',
      params: VideoParams,
      answers: { 204: null },
      async handle({ viewer, params }) {
        await service.forget(viewer, params.vid)
        return { status: 204 }
      },
    }),
  ]
}
