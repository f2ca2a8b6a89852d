import { type Route, route } from '#server/http/route.ts'
import { ReadyJson } from '#server/http/ready-json.ts'
import { PageQuery } from '#shared/api/common.ts'
import { HomeAnswer } from '#shared/api/feed.ts'
import { RelatedAnswer, TagPage, TagParams, VideoCardPage, VideoParams, VideosQuery } from '#shared/api/videos.ts'
import type { FeedService } from './service.ts'

const area = 'Finding'
const private_ = { 'cache-control': 'private, no-store' }

export function feedRoutes(service: FeedService): Route[] {
  return [
    route({
      method: 'GET',
      path: '/home',
      area,
      summary: 'The rows of the home page: to go on with, hot, new, of those one follows, by tag.',
      access: 'anyone',
      answers: { 200: HomeAnswer },
      handle: async ({ viewer }) => ({ status: 200, headers: private_, body: new ReadyJson(await service.home(viewer)) }),
    }),
    route({
      method: 'GET',
      path: '/videos',
      area,
      summary: 'All films that the viewer may find: new ones first, hot ones, or those most viewed.',
      access: 'anyone',
      query: VideosQuery,
      answers: { 200: VideoCardPage },
      handle: async ({ viewer, query }) => ({ status: 200, headers: private_, body: await service.list(viewer, query) }),
    }),
    route({
      method: 'GET',
      path: '/tags/:tag/videos',
      area,
      summary: 'Films with a tag, however it is written.',
      access: 'anyone',
      params: TagParams,
      query: PageQuery,
      answers: { 200: TagPage },
      handle: async ({ viewer, params, query }) => ({
        status: 200,
        headers: private_,
        body: await service.tagged(viewer, params.tag, query),
      }),
    }),
    route({
      method: 'GET',
      path: '/videos/:vid/related',
      area,
      summary: 'What to watch after it.',
      access: { action: 'video.see' },
      params: VideoParams,
      answers: { 200: RelatedAnswer },
      handle: async ({ viewer, params, headers }) => ({
        status: 200,
        headers: private_,
        body: await service.related(viewer, params.vid, headers.cookie),
      }),
    }),
  ]
}
