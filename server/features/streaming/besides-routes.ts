import { Type } from 'typebox'
import { type Call, type Route, route } from '#server/http/route.ts'
import { TextList } from '#shared/api/films.ts'
import type { Besides, Kept, PictureFormat } from './besides.ts'
import { askerOf } from './asker.ts'
import { access, area, generation, playlistType, vid } from './route-parts.ts'

const types = { avif: 'image/avif', webp: 'image/webp', jpg: 'image/jpeg' } as const

/** An address that says which picture it means never changes it; others are asked for anew. */
const cacheOf = ({ isPublic }: Kept, isNamed: boolean) =>
  isPublic
    ? isNamed
      ? 'public, max-age=31536000, immutable'
      : 'public, max-age=60'
    : isNamed
      ? 'private, max-age=86400'
      : 'private, no-cache'

const answerOf = (kept: Kept, type: string, isNamed: boolean) =>
  ({ status: 200, headers: { 'content-type': type, 'cache-control': cacheOf(kept, isNamed) }, bytes: kept.bytes }) as const

const textAnswer = (text: string, type: string) =>
  ({ status: 200, headers: { 'content-type': type, 'cache-control': 'private, no-cache' }, bytes: text }) as const

const posterQuery = Type.Object({
  w: Type.Optional(Type.Integer({ minimum: 1, maximum: 8192 })),
  r: Type.Optional(Type.Integer({ minimum: 0 })),
})

const posterRoute = (besides: Besides, format: PictureFormat): Route =>
  route({
    method: 'GET',
    path: `/stream/:vid/poster.${format}`,
    at: 'both',
    area,
    summary: 'The picture that stands for the film, in the width of three (320, 640, 1280) that is nearest to `w`. `r` is its revision.',
    access,
    params: Type.Object({ vid }),
    query: posterQuery,
    answers: { 200: null },
    async handle(call) {
      const kept = await besides.poster(askerOf(call), call.params.vid, { format, width: call.query.w })
      return answerOf(kept, types[format], call.query.r !== undefined)
    },
  })

export function besidesRoutes(besides: Besides): Route[] {
  const ofFilm = { method: 'GET', at: 'both', area, access, params: Type.Object({ vid }) } as const
  const file = (call: { params: { generation: number; file: string } }) => ({
    generation: call.params.generation,
    id: call.params.file.replace(/[.]\w+$/, ''),
  })
  return [
    ...(Object.keys(types) as PictureFormat[]).map((format) => posterRoute(besides, format)),
    route({
      ...ofFilm,
      path: '/stream/:vid/preview.webp',
      summary: 'A few moments of the film, moving, without sound.',
      answers: { 200: null },
      handle: async (call) => answerOf(await besides.preview(askerOf(call), call.params.vid), types.webp, false),
    }),
    route({
      ...ofFilm,
      path: '/stream/:vid/storyboard.vtt',
      summary: 'The small pictures along the seek bar: which part of which sheet belongs to which time.',
      answers: { 200: null },
      handle: async (call) => textAnswer(await besides.storyboard(askerOf(call), call.params.vid), 'text/vtt; charset=utf-8'),
    }),
    route({
      ...ofFilm,
      path: '/stream/:vid/:generation/sheets/:file',
      summary: 'A sheet of small pictures.',
      params: Type.Object({ vid, generation, file: Type.String({ pattern: '^(0|[1-9]\\d{0,3})[.]webp$' }) }),
      answers: { 200: null },
      async handle(call) {
        const kept = await besides.sheet(askerOf(call), call.params.vid, {
          generation: call.params.generation,
          sheet: Number(file(call).id),
        })
        return answerOf(kept, types.webp, true)
      },
    }),
    route({
      ...ofFilm,
      path: '/stream/:vid/subtitles',
      summary: 'The subtitles of a film: those beside it, then those inside it.',
      answers: { 200: TextList },
      handle: async (call) => ({ status: 200, body: await besides.listTexts(askerOf(call), call.params.vid) }),
    }),
    route({
      ...ofFilm,
      path: '/stream/:vid/:generation/texts/:file',
      summary: 'Subtitles as WebVTT, or the HLS playlist that names them.',
      params: Type.Object({ vid, generation, file: Type.String({ pattern: '^[\\w-]{1,64}[.](vtt|m3u8)$' }) }),
      answers: { 200: null },
      async handle(call) {
        const asked = [askerOf(call as Pick<Call<unknown, unknown, unknown>, 'viewer' | 'headers'>), call.params.vid, file(call)] as const
        if (call.params.file.endsWith('.m3u8')) return textAnswer(await besides.textPlaylist(...asked), playlistType)
        return answerOf(await besides.text(...asked), 'text/vtt; charset=utf-8', false)
      },
    }),
  ]
}
