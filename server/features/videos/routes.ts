import { type Route, route } from '#server/http/route.ts'
import { UsernameParams } from '#shared/api/accounts.ts'
import {
  ChangeVideoBody,
  CreateVideoBody,
  DeletedVideoList,
  DeleteVideoQuery,
  UnlockBody,
  UserVideoParams,
  UserVideosQuery,
  Video,
  VideoPage,
  VideoParams,
} from '#shared/api/videos.ts'
import type { Library } from './library.ts'
import { passLastsMs, passName } from './passes.ts'

const area = 'Videos'
const guesses = { name: 'video-unlock', limit: { count: 30, periodMs: 3_600_000, burst: 10 }, per: 'address' } as const

export function videoRoutes(library: Library): Route[] {
  const private_ = { 'cache-control': 'private, no-store' }
  return [
    route({
      method: 'GET',
      path: '/user/:username/videos',
      at: 'both',
      area,
      summary: 'The videos of a user, newest first: one’s own all, those of others as far as they may be found.',
      access: 'anyone',
      params: UsernameParams,
      query: UserVideosQuery,
      answers: { 200: VideoPage },
      handle: async ({ viewer, params, query }) => ({
        status: 200,
        headers: private_,
        body: await library.list(viewer, params.username, query),
      }),
    }),
    route({
      method: 'POST',
      path: '/user/:username/videos',
      idempotent: true,
      at: 'both',
      area,
      summary: 'A draft to upload into. It is private unless told otherwise.',
      access: { action: 'video.create' },
      params: UsernameParams,
      body: CreateVideoBody,
      answers: { 201: Video },
      handle: async ({ viewer, params, body }) => ({ status: 201, body: await library.create(viewer, params.username, body) }),
    }),
    route({
      method: 'GET',
      path: '/user/:username/videos/:vid',
      at: 'both',
      area,
      summary: 'A video of a user.',
      access: { action: 'video.see' },
      params: UserVideoParams,
      answers: { 200: Video },
      handle: async ({ viewer, params, headers }) => ({
        status: 200,
        headers: private_,
        body: await library.get(viewer, params, headers.cookie),
      }),
    }),
    route({
      method: 'PATCH',
      path: '/user/:username/videos/:vid',
      at: 'both',
      area,
      summary: 'Change a video: only what is given.',
      access: { action: 'video.change' },
      params: UserVideoParams,
      body: ChangeVideoBody,
      answers: { 200: Video },
      handle: async ({ viewer, params, body }) => ({ status: 200, body: await library.change(viewer, params, body) }),
    }),
    route({
      method: 'DELETE',
      path: '/user/:username/videos/:vid',
      at: 'both',
      area,
      summary: 'Throw a video away. It is gone at once, and can be had back for a day; with `now` its files follow at once.',
      access: { action: 'video.delete' },
      params: UserVideoParams,
      query: DeleteVideoQuery,
      answers: { 204: null },
      async handle({ viewer, params, query }) {
        await library.remove(viewer, params, query.now)
        return { status: 204 }
      },
    }),
    route({
      method: 'GET',
      path: '/user/:username/videos/deleted',
      area,
      summary: 'What was thrown away in the last day and can be had back.',
      access: 'person',
      params: UsernameParams,
      answers: { 200: DeletedVideoList },
      handle: async ({ viewer, params }) => ({ status: 200, headers: private_, body: await library.trash.list(viewer, params.username) }),
    }),
    route({
      method: 'POST',
      path: '/user/:username/videos/:vid/restore',
      area,
      summary: 'Have a video back that was thrown away; it is what it was.',
      access: { action: 'video.delete' },
      params: UserVideoParams,
      answers: { 200: Video },
      handle: async ({ viewer, params }) => ({ status: 200, body: await library.trash.restore(viewer, params) }),
    }),
    route({
      method: 'GET',
      path: '/videos/:vid',
      area,
      summary: 'What a page that shows the video needs.',
      access: { action: 'video.see' },
      params: VideoParams,
      answers: { 200: Video },
      handle: async ({ viewer, params, headers }) => ({
        status: 200,
        headers: private_,
        body: await library.watch(viewer, params.vid, headers.cookie),
      }),
    }),
    route({
      method: 'POST',
      path: '/videos/:vid/unlock',
      area,
      summary: 'Show the password of a video; a cookie opens it for six hours.',
      access: 'anyone',
      params: VideoParams,
      body: UnlockBody,
      limits: [guesses],
      answers: { 204: null },
      async handle({ viewer, params, body }) {
        const value = await library.unlock(viewer, params.vid, body.password)
        return { status: 204, cookies: [{ name: passName(params.vid), value, maxAgeS: passLastsMs / 1000, httpOnly: true }] }
      },
    }),
  ]
}
