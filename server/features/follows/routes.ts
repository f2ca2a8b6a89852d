import { type Route, route } from '#server/http/route.ts'
import { UsernameParams } from '#shared/api/accounts.ts'
import { PageQuery } from '#shared/api/common.ts'
import { FollowersAnswer, PeoplePage } from '#shared/api/follows.ts'
import type { FollowService } from './service.ts'

const area = 'People'
const private_ = { 'cache-control': 'private, no-store' }
const ties = { name: 'ties', limit: { count: 60, periodMs: 60_000, burst: 30 }, per: 'person' } as const

export function followRoutes(service: FollowService): Route[] {
  const tie = (method: 'PUT' | 'DELETE', what: 'follow' | 'block', summary: string) =>
    route({
      method,
      path: `/user/:username/${what}`,
      area,
      summary,
      access: 'person',
      params: UsernameParams,
      limits: [ties],
      answers: { 204: null },
      async handle({ viewer, params }) {
        await service[what](viewer, params.username, method === 'PUT')
        return { status: 204 }
      },
    })
  const list = (what: 'following' | 'blocked', summary: string) =>
    route({
      method: 'GET',
      path: `/${what}`,
      area,
      summary,
      access: 'person',
      query: PageQuery,
      answers: { 200: PeoplePage },
      handle: async ({ viewer, query }) => ({ status: 200, headers: private_, body: await service[what](viewer, query) }),
    })
  return [
    tie('PUT', 'follow', 'Hear of somebody’s new films.'),
    tie('DELETE', 'follow', 'Hear of them no more.'),
    tie('PUT', 'block', 'Hear nothing of somebody: nothing they say is shown, and they cannot follow or answer.'),
    tie('DELETE', 'block', 'Let them be heard again.'),
    list('following', 'Whom one follows, the last one first. Nobody else can see it.'),
    list('blocked', 'Whom one has blocked. Nobody else can see it.'),
    route({
      method: 'GET',
      path: '/user/:username/followers',
      area,
      summary: 'How many follow somebody, how many they follow, and what stands between them and the viewer.',
      access: 'anyone',
      params: UsernameParams,
      answers: { 200: FollowersAnswer },
      handle: async ({ viewer, params }) => ({ status: 200, headers: private_, body: await service.counts(viewer, params.username) }),
    }),
  ]
}
