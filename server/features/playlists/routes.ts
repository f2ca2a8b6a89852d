import { type Route, route } from '#server/http/route.ts'
import { UsernameParams } from '#shared/api/accounts.ts'
import { PageQuery } from '#shared/api/common.ts'
import {
  ChangePlaylistBody,
  CreatePlaylistBody,
  Neighbours,
  NeighboursQuery,
  OwnPlaylists,
  OwnPlaylistsQuery,
  Playlist,
  PlaylistItemParams,
  PlaylistItems,
  PlaylistPage,
  PlaylistParams,
  PutItemBody,
} from '#shared/api/playlists.ts'
import { VideoParams } from '#shared/api/videos.ts'
import type { PlaylistService } from './service.ts'

const area = 'Playlists'
const headers = { 'cache-control': 'private, no-store' }
const writing = { name: 'playlists', limit: { count: 600, periodMs: 60_000, burst: 600 }, per: 'person' } as const
const done = { status: 204 } as const

export const playlistRoutes = (service: PlaylistService): Route[] => [
  ...listRoutes(service),
  ...itemRoutes(service),
  ...laterRoutes(service),
]

function listRoutes(service: PlaylistService): Route[] {
  return [
    route({
      method: 'GET',
      path: '/playlists',
      area,
      summary: 'One’s own lists, what was changed last first; with `vid` each says whether it holds that film.',
      access: 'person',
      query: OwnPlaylistsQuery,
      answers: { 200: OwnPlaylists },
      handle: async ({ viewer, query }) => ({ status: 200, headers, body: await service.mine(viewer, query) }),
    }),
    route({
      method: 'POST',
      path: '/playlists',
      idempotent: true,
      area,
      summary: 'A new list, private unless told otherwise.',
      access: 'person',
      body: CreatePlaylistBody,
      limits: [writing],
      answers: { 201: Playlist },
      handle: async ({ viewer, body }) => ({ status: 201, body: await service.create(viewer, body) }),
    }),
    route({
      method: 'GET',
      path: '/user/:username/playlists',
      area,
      summary: 'The lists of a user that are public; one’s own all.',
      access: 'anyone',
      params: UsernameParams,
      query: PageQuery,
      answers: { 200: PlaylistPage },
      handle: async ({ viewer, params, query }) => ({ status: 200, headers, body: await service.of(viewer, params.username, query) }),
    }),
    route({
      method: 'GET',
      path: '/playlists/:id',
      area,
      summary: 'A list.',
      access: { action: 'playlist.see' },
      params: PlaylistParams,
      answers: { 200: Playlist },
      handle: async ({ viewer, params }) => ({ status: 200, headers, body: await service.get(viewer, params.id) }),
    }),
    route({
      method: 'PATCH',
      path: '/playlists/:id',
      area,
      summary: 'Change a list: only what is given.',
      access: 'person',
      params: PlaylistParams,
      body: ChangePlaylistBody,
      limits: [writing],
      answers: { 200: Playlist },
      handle: async ({ viewer, params, body }) => ({ status: 200, body: await service.change(viewer, params.id, body) }),
    }),
    route({
      method: 'DELETE',
      path: '/playlists/:id',
      area,
      summary: 'Delete a list; its films stay.',
      access: 'person',
      params: PlaylistParams,
      answers: { 204: null },
      async handle({ viewer, params }) {
        await service.remove(viewer, params.id)
        return done
      },
    }),
  ]
}

function itemRoutes(service: PlaylistService): Route[] {
  return [
    route({
      method: 'GET',
      path: '/playlists/:id/items',
      area,
      summary: 'The films of a list in its order, as far as one may see them.',
      access: { action: 'playlist.see' },
      params: PlaylistParams,
      query: PageQuery,
      answers: { 200: PlaylistItems },
      handle: async ({ viewer, params, query }) => ({ status: 200, headers, body: await service.items(viewer, params.id, query) }),
    }),
    route({
      method: 'PUT',
      path: '/playlists/:id/items/:vid',
      area,
      summary: 'Put a film into a list, or move it in there.',
      access: 'person',
      params: PlaylistItemParams,
      body: PutItemBody,
      limits: [writing],
      answers: { 204: null },
      async handle({ viewer, params: { id, vid }, body, headers: { cookie } }) {
        await service.put(viewer, id, { vid, cookie }, body)
        return done
      },
    }),
    route({
      method: 'DELETE',
      path: '/playlists/:id/items/:vid',
      area,
      summary: 'Take a film out of a list.',
      access: 'person',
      params: PlaylistItemParams,
      answers: { 204: null },
      async handle({ viewer, params }) {
        await service.take(viewer, params.id, params.vid)
        return done
      },
    }),
    route({
      method: 'GET',
      path: '/videos/:vid/neighbours',
      area,
      summary: 'What comes before and after a film, in a list or in its series.',
      access: { action: 'video.see' },
      params: VideoParams,
      query: NeighboursQuery,
      answers: { 200: Neighbours },
      handle: async ({ viewer, params, query, headers: { cookie } }) => ({
        status: 200,
        headers,
        body: await service.neighbours(viewer, { ...params, cookie }, query.list),
      }),
    }),
  ]
}

function laterRoutes(service: PlaylistService): Route[] {
  return [
    route({
      method: 'GET',
      path: '/watch-later',
      area,
      summary: 'What one wants to watch later, the latest first.',
      access: 'person',
      query: PageQuery,
      answers: { 200: PlaylistItems },
      handle: async ({ viewer, query }) => ({ status: 200, headers, body: await service.laterItems(viewer, query) }),
    }),
    route({
      method: 'PUT',
      path: '/watch-later/:vid',
      area,
      summary: 'Watch it later.',
      access: 'person',
      params: VideoParams,
      limits: [writing],
      answers: { 204: null },
      async handle({ viewer, params, headers: { cookie } }) {
        await service.putLater(viewer, { ...params, cookie })
        return done
      },
    }),
    route({
      method: 'DELETE',
      path: '/watch-later/:vid',
      area,
      summary: 'Watch it later no more.',
      access: 'person',
      params: VideoParams,
      answers: { 204: null },
      async handle({ viewer, params }) {
        await service.takeLater(viewer, params.vid)
        return done
      },
    }),
  ]
}
