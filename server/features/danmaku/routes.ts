import { type Route, route } from '#server/http/route.ts'
import {
  AddDanmakuBody,
  Danmaku,
  DanmakuFileQuery,
  DanmakuImported,
  DanmakuList,
  DanmakuListQuery,
  DanmakuPacket,
  DanmakuParams,
  DanmakuQuery,
} from '#shared/api/danmaku.ts'
import { VideoParams } from '#shared/api/videos.ts'
import { fileTooLarge } from './errors.ts'
import type { DanmakuService } from './service.ts'

const area = 'Danmaku'
const private_ = { 'cache-control': 'private, no-store' }
const sending = { name: 'danmaku', limit: { count: 30, periodMs: 60_000, burst: 40 }, per: 'person' } as const
const liking = { name: 'danmaku-likes', limit: { count: 60, periodMs: 60_000, burst: 40 }, per: 'person' } as const
const filesMiB = 5

export function danmakuRoutes(service: DanmakuService): Route[] {
  const like = (method: 'PUT' | 'DELETE', summary: string) =>
    route({
      method,
      path: '/videos/:vid/danmaku/:id/like',
      area,
      summary,
      access: 'person',
      params: DanmakuParams,
      limits: [liking],
      answers: { 204: null },
      async handle({ viewer, params, headers }) {
        await service.like(viewer, { ...params, cookie: headers.cookie }, method === 'PUT')
        return { status: 204 }
      },
    })
  return [
    route({
      method: 'GET',
      path: '/videos/:vid/danmaku',
      area,
      summary: 'Those of a span of the film, by whole half minutes, thinned to a density, with the heat of the whole film.',
      access: { action: 'video.see' },
      params: VideoParams,
      query: DanmakuQuery,
      answers: { 200: DanmakuPacket },
      handle: async ({ viewer, params, query, headers }) => ({
        status: 200,
        headers: private_,
        body: await service.span(viewer, { ...params, cookie: headers.cookie }, query),
      }),
    }),
    route({
      method: 'POST',
      path: '/videos/:vid/danmaku',
      idempotent: true,
      area,
      summary: 'Let something fly over the film; whoever is watching sees it at once.',
      access: 'person',
      params: VideoParams,
      body: AddDanmakuBody,
      limits: [sending],
      answers: { 201: Danmaku },
      handle: async ({ viewer, params, body, headers }) => ({
        status: 201,
        body: await service.add(viewer, { ...params, cookie: headers.cookie }, body),
      }),
    }),
    route({
      method: 'DELETE',
      path: '/videos/:vid/danmaku/:id',
      area,
      summary: 'Take one’s own back; the film’s owner and moderators take any away.',
      access: 'person',
      params: DanmakuParams,
      answers: { 204: null },
      async handle({ viewer, params, headers }) {
        await service.remove(viewer, { ...params, cookie: headers.cookie })
        return { status: 204 }
      },
    }),
    like('PUT', 'Like one.'),
    like('DELETE', 'Like it no more.'),
    route({
      method: 'GET',
      path: '/videos/:vid/danmaku/list',
      area,
      summary: 'All of them by moment, in pages; the film’s owner and moderators see who sent them.',
      access: { action: 'video.see' },
      params: VideoParams,
      query: DanmakuListQuery,
      answers: { 200: DanmakuList },
      handle: async ({ viewer, params, query, headers }) => ({
        status: 200,
        headers: private_,
        body: await service.list(viewer, { ...params, cookie: headers.cookie }, query),
      }),
    }),
    route({
      method: 'GET',
      path: '/videos/:vid/danmaku/file',
      area,
      summary: 'All of them as a file: XML as Bilibili writes it, or ASS.',
      access: { action: 'video.see' },
      params: VideoParams,
      query: DanmakuFileQuery,
      answers: { 200: null },
      async handle({ viewer, params, query, headers }) {
        const { format = 'xml' } = query
        const { name, text } = await service.export(viewer, { ...params, cookie: headers.cookie }, format)
        const type = format === 'xml' ? 'application/xml; charset=utf-8' : 'text/x-ssa; charset=utf-8'
        return {
          status: 200,
          headers: { ...private_, 'content-type': type, 'content-disposition': `attachment; filename="${name}"` },
          bytes: text,
        }
      },
    }),
    route({
      method: 'POST',
      path: '/videos/:vid/danmaku/file',
      area,
      summary: 'Bring danmaku along from a file, XML or ASS, over one’s own film.',
      access: 'person',
      params: VideoParams,
      body: 'raw',
      answers: { 200: DanmakuImported },
      async handle({ viewer, params, headers, raw }) {
        const over = { ...params, cookie: headers.cookie }
        await service.mayImport(viewer, over)
        return { status: 200, body: await service.import(viewer, over, await readText(raw)) }
      },
    }),
  ]
}

async function readText(raw: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of raw) {
    size += chunk.length
    if (size > filesMiB * 2 ** 20) throw fileTooLarge(filesMiB)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
