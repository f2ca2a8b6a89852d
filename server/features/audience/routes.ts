import { type Route, route } from '#server/http/route.ts'
import { PageQuery } from '#shared/api/common.ts'
import { ViewBody } from '#shared/api/history.ts'
import { VideoCardPage, VideoParams } from '#shared/api/videos.ts'
import type { AudienceService } from './service.ts'

const area = 'Audience'
const deeds = { name: 'deeds', limit: { count: 120, periodMs: 60_000, burst: 60 }, per: 'person' } as const
const views = { name: 'views', limit: { count: 120, periodMs: 60_000, burst: 60 }, per: 'address' } as const

export function audienceRoutes(service: AudienceService): Route[] {
  const mark = (method: 'PUT' | 'DELETE', kind: 'like' | 'favourite', summary: string) =>
    route({
      method,
      path: `/videos/:vid/${kind}`,
      area,
      summary,
      access: 'person',
      params: VideoParams,
      limits: [deeds],
      answers: { 204: null },
      async handle({ viewer, params, headers }) {
        await service.mark(viewer, { ...params, cookie: headers.cookie }, kind, method === 'PUT')
        return { status: 204 }
      },
    })
  return [
    mark('PUT', 'like', 'Like a film.'),
    mark('DELETE', 'like', 'Like it no more.'),
    mark('PUT', 'favourite', 'Keep a film among one’s favourites.'),
    mark('DELETE', 'favourite', 'Keep it there no more.'),
    route({
      method: 'POST',
      path: '/videos/:vid/views',
      area,
      summary: 'So much of it was watched. Counted once a person and day, from half of a short film or half a minute of a long one on.',
      access: { action: 'video.see' },
      params: VideoParams,
      body: ViewBody,
      limits: [views],
      answers: { 204: null },
      async handle({ viewer, params, body, headers }) {
        await service.view(viewer, { ...params, cookie: headers.cookie }, { ...body, agent: headers['user-agent'] })
        return { status: 204 }
      },
    }),
    route({
      method: 'GET',
      path: '/favourites',
      area,
      summary: 'One’s favourites, what was put there last first.',
      access: 'person',
      query: PageQuery,
      answers: { 200: VideoCardPage },
      handle: async ({ viewer, query }) => ({
        status: 200,
        headers: { 'cache-control': 'private, no-store' },
        body: await service.favourites(viewer, query),
      }),
    }),
  ]
}
