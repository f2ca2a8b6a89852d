import { type Route, route } from '#server/http/route.ts'
import { AgainBody, ChangeTextQuery, ChoosePosterBody, TextItem, TextParams, TextQuery } from '#shared/api/films.ts'
import { VideoParams } from '#shared/api/videos.ts'
import type { Again } from './again.ts'
import type { Dress } from './dress.ts'
import type { OwnPoster } from './own-poster.ts'
import type { TextRow } from './text-store.ts'

const area = 'Videos'
const access = { action: 'video.change' } as const

/** What the owner of a film does to what is made of it. */
export function transcodingRoutes(dress: Dress, own: Pick<OwnPoster, 'put'>, again: Again): Route[] {
  return [
    route({
      method: 'PUT',
      path: '/videos/:vid/poster',
      area,
      summary: 'Let the frame at a moment stand for the film. It is there in a moment: the poster’s revision grows.',
      access,
      params: VideoParams,
      body: ChoosePosterBody,
      answers: { 202: null },
      async handle({ viewer, params, body }) {
        await dress.choosePoster(viewer, params.vid, body.atMs)
        return { status: 202 }
      },
    }),
    route({
      method: 'PUT',
      path: '/videos/:vid/poster/picture',
      area,
      summary: 'Let a picture of one’s own stand for the film, whatever its source: JPEG, PNG, WebP, GIF or AVIF of at most 10 MiB.',
      access,
      params: VideoParams,
      body: 'raw',
      answers: { 202: null },
      limits: [{ name: 'poster', limit: { count: 60, periodMs: 3_600_000, burst: 20 }, per: 'person' }],
      async handle({ viewer, params, raw }) {
        await own.put(viewer, params.vid, raw)
        return { status: 202 }
      },
    }),
    route({
      method: 'PUT',
      path: '/videos/:vid/subtitles',
      area,
      summary: 'Subtitles beside the film: the body is a file of .srt, .ass, .ssa or .vtt, in whatever encoding, of at most 2 MiB.',
      access,
      params: VideoParams,
      query: TextQuery,
      body: 'raw',
      answers: { 201: TextItem },
      limits: [{ name: 'subtitles', limit: { count: 120, periodMs: 3_600_000, burst: 40 }, per: 'person' }],
      async handle({ viewer, params, query, raw }) {
        const { language, label = language } = query
        return { status: 201, body: toTextItem(await dress.addText(viewer, params.vid, { body: raw, language, label })) }
      },
    }),
    route({
      method: 'PUT',
      path: '/videos/:vid/subtitles/:id',
      area,
      summary:
        'Other words for subtitles beside the film, or without a body another name. Of those inside the film it makes one beside it.',
      access,
      params: TextParams,
      query: ChangeTextQuery,
      body: 'raw',
      answers: { 200: TextItem, 201: TextItem },
      limits: [{ name: 'subtitles', limit: { count: 120, periodMs: 3_600_000, burst: 40 }, per: 'person' }],
      async handle({ viewer, params, query, raw }) {
        const { isNew, row } = await dress.changeText(viewer, { videoId: params.vid, id: params.id }, { ...query, body: raw })
        return { status: isNew ? 201 : 200, body: toTextItem(row) }
      },
    }),
    route({
      method: 'DELETE',
      path: '/videos/:vid/subtitles/:id',
      area,
      summary: 'Remove subtitles.',
      access,
      params: TextParams,
      answers: { 204: null },
      async handle({ viewer, params }) {
        await dress.removeText(viewer, params.vid, params.id)
        return { status: 204 }
      },
    }),
    route({
      method: 'POST',
      path: '/videos/:vid/again',
      area,
      summary: 'Look through a row and make its missing cells again; without a row, make everything anew from the source.',
      access,
      params: VideoParams,
      body: AgainBody,
      answers: { 202: null },
      async handle({ viewer, params, body }) {
        await again.makeAgain(viewer, params.vid, body.row)
        return { status: 202 }
      },
    }),
  ]
}

const toTextItem = ({ id, language, label, kind }: TextRow) => ({ id, language, label, kind })
