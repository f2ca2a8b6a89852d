import { type Route, route } from '#server/http/route.ts'
import { SearchAnswer, SearchQuery, SuggestAnswer, SuggestQuery } from '#shared/api/search.ts'
import type { SearchService } from './service.ts'

const area = 'Finding'
const private_ = { 'cache-control': 'private, no-store' }
const seeking = { name: 'search', limit: { count: 300, periodMs: 60_000, burst: 120 }, per: 'address' } as const

export function searchRoutes(service: SearchService): Route[] {
  return [
    route({
      method: 'GET',
      path: '/search',
      area,
      summary:
        'As one types: parts of titles, tags, descriptions and names, either script, pinyin and initials; slips are forgiven where nothing fits.',
      access: 'anyone',
      query: SearchQuery,
      limits: [seeking],
      answers: { 200: SearchAnswer },
      handle: async ({ viewer, query }) => ({ status: 200, headers: private_, body: await service.search(viewer, query) }),
    }),
    route({
      method: 'GET',
      path: '/search/suggest',
      area,
      summary: 'Titles for what has been typed so far.',
      access: 'anyone',
      query: SuggestQuery,
      limits: [seeking],
      answers: { 200: SuggestAnswer },
      handle: async ({ viewer, query }) => ({ status: 200, headers: private_, body: await service.suggest(viewer, query.q) }),
    }),
  ]
}
