import { type Route, route } from '#server/http/route.ts'
import { FiguresQuery, VideoFigures } from '#shared/api/figures.ts'
import { VideoParams } from '#shared/api/videos.ts'
import type { FigureService } from './service.ts'

const area = 'Figures'
const headers = { 'cache-control': 'private, no-store' }

export function figureRoutes(service: FigureService): Route[] {
  return [
    route({
      method: 'GET',
      path: '/videos/:vid/figures',
      area,
      summary: 'How a video is watched, for whoever may change it.',
      access: 'person',
      params: VideoParams,
      query: FiguresQuery,
      answers: { 200: VideoFigures },
      handle: async ({ viewer, params, query }) => ({ status: 200, headers, body: await service.of(viewer, params.vid, query.days) }),
    }),
    route({
      method: 'GET',
      path: '/videos/:vid/figures.csv',
      area,
      summary: 'The same day by day, as a table.',
      access: 'person',
      params: VideoParams,
      query: FiguresQuery,
      answers: { 200: null },
      handle: async ({ viewer, params, query }) => ({
        status: 200,
        headers: {
          ...headers,
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="figures-${params.vid}.csv"`,
        },
        bytes: await service.csv(viewer, params.vid, query.days),
      }),
    }),
  ]
}
