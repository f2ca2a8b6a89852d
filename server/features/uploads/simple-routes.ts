import { Type } from 'typebox'
import { type Route, route } from '#server/http/route.ts'
import { problemText } from '#server/http/texts.ts'
import { Problem } from '#server/lib/problem.ts'
import { exact } from '#shared/messages/message.ts'
import type { TakeSimple } from './simple.ts'
import { writeOutcome, writeTestPage } from './testpage.ts'

const area = 'Uploads'
const html = { 'content-type': 'text/html; charset=utf-8' }
const newVideo = 'new'
const vid = Type.String({ maxLength: 64, pattern: '^[0-9a-z]*$' })

/** http-api, "Simple upload". */
export function simpleRoutes(take: TakeSimple, limitBytes: () => number): Route[] {
  return [
    route({
      method: 'POST',
      path: '/upload/:vid',
      at: 'both',
      area,
      summary: 'Takes a small film as a plain form: the field `file` of multipart/form-data. `new` in place of a video makes one.',
      access: 'person',
      params: exact({ vid: Type.String({ minLength: 1, maxLength: 64 }) }),
      body: 'raw',
      answers: { 201: exact({ videoId: Type.String(), fileName: Type.String(), fileSize: Type.Integer() }), 303: null, 400: null },
      limits: [{ name: 'simple-uploads', limit: { count: 600, periodMs: 3_600_000 }, per: 'person' }],
      async handle({ params, viewer, raw, headers }) {
        const taking = take(viewer, { videoId: params.vid === newVideo ? undefined : params.vid, request: raw })
        // Programs are answered with data, and a form without script with a page.
        if (headers.accept?.includes('text/html') !== true) return { status: 201, body: await taking }
        return taking.then(
          ({ videoId }) => ({ status: 303 as const, headers: { location: `/testpage?arrived=${videoId}` } }),
          (problem: unknown) => {
            if (!(problem instanceof Problem) || problem.kind !== 'invalid') throw problem
            const said = problemText(problem, 400, viewer.language).detail ?? ''
            return { status: 400 as const, headers: html, bytes: writeOutcome(viewer.language, { problem: said }) }
          },
        )
      },
    }),
    route({
      method: 'GET',
      path: '/testpage',
      at: 'both',
      area,
      summary: 'A bare form that uploads a small film without any script.',
      access: 'anyone',
      page: true,
      query: exact({ vid: Type.Optional(vid), arrived: Type.Optional(vid) }),
      answers: { 200: null },
      async handle({ viewer, query }) {
        const videoId = query.vid === '' ? undefined : query.vid
        const { language, kind } = viewer
        const bytes =
          query.arrived === undefined
            ? writeTestPage({ language, limitBytes: limitBytes(), isSignedIn: kind === 'person', videoId })
            : writeOutcome(language, { videoId: query.arrived })
        return { status: 200, headers: { ...html, 'cache-control': 'private, no-cache' }, bytes }
      },
    }),
  ]
}
