import { Type } from 'typebox'
import { type Route, route } from '#server/http/route.ts'
import { UsernameParams } from '#shared/api/accounts.ts'
import { OEmbed, OEmbedQuery } from '#shared/api/sharing.ts'
import { TagParams } from '#shared/api/videos.ts'
import type { SharingService } from './service.ts'

const area = 'Sharing'

const asFeed = { 'content-type': 'application/rss+xml; charset=utf-8', 'cache-control': 'public, max-age=300' }
const asMap = { 'content-type': 'application/xml; charset=utf-8', 'cache-control': 'public, max-age=3600' }

/** What programs read that are no browsers: the same for everybody. */
const forPrograms = { method: 'GET', at: 'root', area, access: 'anyone', sessionless: true, answers: { 200: null } } as const

export function sharingRoutes(service: SharingService): Route[] {
  return [
    route({
      ...forPrograms,
      path: '/feed.xml',
      summary: 'New films of the house, as RSS.',
      handle: async ({ origin }) => ({ status: 200, headers: asFeed, bytes: await service.house(origin) }),
    }),
    route({
      ...forPrograms,
      path: '/@:username/feed.xml',
      summary: 'New films of a person, as RSS.',
      params: UsernameParams,
      handle: async ({ origin, params }) => ({ status: 200, headers: asFeed, bytes: await service.channel(origin, params.username) }),
    }),
    route({
      ...forPrograms,
      path: '/tag/:tag/feed.xml',
      summary: 'New films with a tag, as RSS.',
      params: TagParams,
      handle: async ({ origin, params }) => ({ status: 200, headers: asFeed, bytes: await service.tag(origin, params.tag) }),
    }),
    route({
      ...forPrograms,
      path: '/sitemap.xml',
      summary: 'For search engines: where the maps of the films are.',
      handle: async ({ origin }) => ({ status: 200, headers: asMap, bytes: await service.sitemaps(origin) }),
    }),
    route({
      ...forPrograms,
      path: '/sitemaps/:file',
      summary: 'For search engines: the films that came out in a month.',
      params: Type.Object({ file: Type.String({ pattern: '^(pages|2\\d{3}-(0[1-9]|1[0-2]))\\.xml$' }) }),
      handle: async ({ origin, params }) => ({
        status: 200,
        headers: asMap,
        bytes: await service.sitemap(origin, params.file.replace(/[.]xml$/, '')),
      }),
    }),
    route({
      method: 'GET',
      path: '/oembed',
      area,
      summary: 'What another site needs to show a film of ours in place of its link (oEmbed).',
      access: 'anyone',
      query: OEmbedQuery,
      answers: { 200: OEmbed },
      handle: async ({ viewer, origin, query }) => ({ status: 200, body: await service.describe(viewer, origin, query) }),
    }),
  ]
}
