import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Type } from 'typebox'
import { type Call, type Route, route } from '#server/http/route.ts'
import { contentRange, multipart, noContentRange, rangeAnswer } from '#server/lib/range-requests.ts'
import { answered } from './delivery.ts'
import { askerOf } from './asker.ts'
import { access, area, generation, playlistType, vid } from './route-parts.ts'
import type { StreamingService } from './service.ts'

/** Bytes of strangers are never a page of ours. */
const harmless = { 'x-content-type-options': 'nosniff', 'content-security-policy': "sandbox; default-src 'none'" }
export function streamRoutes(service: StreamingService): Route[] {
  const text = (bytes: string) =>
    ({ status: 200, headers: { 'content-type': playlistType, 'cache-control': 'private, no-cache' }, bytes }) as const
  return [
    route({
      method: 'GET',
      path: '/stream/:vid',
      at: 'both',
      area,
      summary: 'The original, with ranges of bytes.',
      access,
      params: Type.Object({ vid }),
      answers: { 200: null, 206: null, 416: null },
      respond: (call, response) => sendOriginal(service, call, response),
    }),
    route({
      method: 'GET',
      path: '/stream/:vid/master.m3u8',
      at: 'both',
      area,
      summary: 'The HLS playlist that names all renditions.',
      access,
      params: Type.Object({ vid }),
      answers: { 200: null },
      handle: async (call) => text(await service.master(askerOf(call), call.params.vid, call.signal)),
    }),
    route({
      method: 'GET',
      path: '/stream/:vid/original.m3u8',
      at: 'both',
      area,
      summary: 'The HLS playlist of the original as it is, where browsers play it.',
      access,
      params: Type.Object({ vid }),
      answers: { 200: null },
      handle: async (call) => text(await service.asItIs(askerOf(call), call.params.vid, call.signal)),
    }),
    route({
      method: 'GET',
      path: '/stream/:vid/:generation/:file',
      at: 'both',
      area,
      summary: 'The playlist of a rendition: complete, though not every cell may be made.',
      access,
      params: Type.Object({ vid, generation, file: Type.String({ pattern: '^[a-z]\\d+[.]m3u8$' }) }),
      answers: { 200: null },
      handle: async (call) => text(await service.playlist(askerOf(call), call.params.vid, { ...call.params, signal: call.signal })),
    }),
    route({
      method: 'GET',
      path: '/stream/:vid/:generation/:row/:file',
      at: 'both',
      area,
      summary: 'An init section or a cell, waited for where it is not made yet.',
      access,
      plain: true,
      params: Type.Object({
        vid,
        generation,
        row: Type.String({ pattern: '^[a-z]\\d+$' }),
        file: Type.String({ pattern: '^(init[.]mp4|(0|[1-9]\\d{0,6})[.]m4s)$' }),
      }),
      answers: { 200: null },
      async handle(call) {
        const { vid: videoId, generation: number, row, file } = call.params
        const piece = {
          ...{ generation: number, row, file },
          get signal() {
            return call.signal
          },
        }
        const { delivered, isLasting } = await service.piece(askerOf(call), videoId, piece)
        const cache = isLasting ? 'public, max-age=31536000, immutable' : 'private, no-store'
        return answered(delivered, { 'content-type': 'video/mp4', 'cache-control': cache })
      },
    }),
  ]
}

async function sendOriginal(service: StreamingService, call: Call<unknown, unknown, unknown>, response: ServerResponse): Promise<void> {
  const { headers, requestId } = call
  const { vid: videoId } = call.params as { vid: string }
  const { size, type, tag, open } = await service.original(askerOf(call), videoId)
  const method = call.raw.method ?? 'GET'
  const asked = { method, range: headers.range, ifRange: headers['if-range'] as string | undefined }
  const answer = rangeAnswer(asked, { size, tag })
  const common = { ...harmless, 'accept-ranges': 'bytes', etag: tag, 'cache-control': 'private, no-cache', 'content-type': type }
  if (isKnown(headers['if-none-match'], tag)) return void response.writeHead(304, common).end()
  if (answer.state === 'unsatisfiable')
    return void response.writeHead(416, { ...common, 'content-range': noContentRange(size), 'content-length': 0 }).end()
  if (method === 'HEAD') return void response.writeHead(200, { ...common, 'content-length': size }).end()
  const { read, elsewhere } = await open()
  if (elsewhere !== undefined) {
    service.sitForPlayback(askerOf(call), videoId)
    return void response.writeHead(200, { ...common, 'x-accel-redirect': elsewhere }).end()
  }
  const over = new AbortController()
  const signal = AbortSignal.any([call.signal, over.signal])
  const leave = service.sitForResponse(askerOf(call), videoId, { name: requestId, end: () => over.abort() })
  try {
    const send = (source: AsyncIterable<Uint8Array | string>) => pipeline(Readable.from(source, { objectMode: false }), response)
    if (answer.state === 'parts') {
      const framed = multipart(answer.ranges, { size, type, boundary: `part-${requestId}` })
      response.writeHead(206, { ...common, 'content-type': framed.contentType, 'content-length': framed.length })
      return await send(framedBytes(framed, (range) => read(range, signal)))
    }
    const range = answer.state === 'part' ? answer.range : { start: 0, end: size }
    const part = answer.state === 'part' ? { 'content-range': contentRange(range, size) } : {}
    response.writeHead(answer.state === 'part' ? 206 : 200, { ...common, ...part, 'content-length': range.end - range.start })
    await send(read(range, signal))
  } finally {
    leave()
  }
}

/** RFC 9110, 13.1.2: a list of tags, compared weakly, or any. */
const isKnown = (header: string | undefined, tag: string) =>
  header !== undefined && header.split(',').some((one) => ['*', tag].includes(one.trim().replace(/^W\//, '')))

type Framed = ReturnType<typeof multipart>

async function* framedBytes({ parts, tail }: Framed, read: (range: Framed['parts'][number]['range']) => AsyncIterable<Uint8Array>) {
  for (const { head, range } of parts) {
    yield Buffer.from(head)
    yield* read(range)
  }
  yield Buffer.from(tail)
}
