import { type Route, route } from '#server/http/route.ts'
import { AdminFilmPage, AdminFilmsQuery, HandOverBody, MergeBody } from '#shared/api/curation.ts'
import { VideoParams } from '#shared/api/videos.ts'
import type { CurationService } from './service.ts'

const area = 'Admin'
const path = '/admin/films'
const access = { action: 'video.curate' } as const
const done = { 204: null } as const

export function curationRoutes(service: CurationService): Route[] {
  const feature = (method: 'PUT' | 'DELETE', summary: string) =>
    route({
      method,
      path: `${path}/:vid/featured`,
      area,
      summary,
      access,
      params: VideoParams,
      answers: done,
      async handle({ viewer, params }) {
        await service.feature(viewer, params.vid, method === 'PUT')
        return { status: 204 }
      },
    })
  return [
    route({
      method: 'GET',
      path,
      area,
      summary: 'All films, whatever they are to others; sought as in the search of the house.',
      access: { action: 'films.list' },
      query: AdminFilmsQuery,
      answers: { 200: AdminFilmPage },
      handle: async ({ viewer, query }) => ({
        status: 200,
        headers: { 'cache-control': 'private, no-store' },
        body: await service.list(viewer, query),
      }),
    }),
    feature('PUT', 'Show a film first on the home page.'),
    feature('DELETE', 'Show a film as any other.'),
    route({
      method: 'PUT',
      path: `${path}/:vid/owner`,
      area,
      summary: 'Hand a film over to another person.',
      access,
      params: VideoParams,
      body: HandOverBody,
      answers: done,
      async handle({ viewer, params, body }) {
        await service.handOver(viewer, params.vid, body.to)
        return { status: 204 }
      },
    }),
    route({
      method: 'POST',
      path: `${path}/:vid/merge`,
      area,
      summary:
        'Make a film one with another: comments, danmaku, likes, views and places in lists go over, its address leads there, and the film itself is gone for good.',
      access,
      params: VideoParams,
      body: MergeBody,
      answers: done,
      async handle({ viewer, params, body }) {
        await service.merge(viewer, params.vid, body.into)
        return { status: 204 }
      },
    }),
  ]
}
