import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Type } from 'typebox'
import { type Call, type Route, route } from '#server/http/route.ts'
import { contentRange, multipart, noContentRange, rangeAnswer } from '#server/lib/range-requests.ts'
import type { Asker, StreamingService } from './service.ts'

const area = 'Streaming'
const access = { action: 'video.see' } as const
const vid = Type.String({ pattern: '^[\\w-]{1,64}$' })
const generation = Type.Integer({ minimum: 1 })
const playlistType = 'application/vnd.apple.mpegurl'
/** Bytes of strangers are never a page of ours. */
const harmless = { 'x-content-type-options': 'nosniff', 'content-security-policy': "sandbox; default-src 'none'" }
const askerOf = ({ viewer, headers }: Pick<Call<unknown, unknown, unknown>, 'viewer' | 'headers'>): Asker => ({
  viewer,
  cookie: headers.cookie,
  agent: headers['user-agent'] ?? '',
})

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
      handle: async (call) => text(await service.master(askerOf(call), call.params.vid)),
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
      handle: async (call) => text(await service.playlist(askerOf(call), call.params.vid, call.params)),
    }),
    route({
      method: 'GET',
      path: '/stream/:vid/:generation/:row/:file',
      at: 'both',
      area,
      summary: 'An init section or a cell, waited for where it is not made yet.',
      access,
      params: Type.Object({
        vid,
        generation,
        row: Type.String({ pattern: '^[a-z]\\d+$' }),
        file: Type.String({ pattern: '^(init[.]mp4|(0|[1-9]\\d{0,6})[.]m4s)$' }),
      }),
      answers: { 200: null },
      async handle(call) {
        const { bytes, isLasting } = await service.piece(askerOf(call), call.params.vid, {
          ...call.params,
          signal: call.signal,
        })
        const cache = isLasting ? 'public, max-age=31536000, immutable' : 'private, no-store'
        return { status: 200, headers: { 'content-type': 'video/mp4', 'cache-control': cache }, bytes }
      },
    }),
  ]
}

async function sendOriginal(service: StreamingService, call: Call<unknown, unknown, unknown>, response: ServerResponse): Promise<void> {
  const { viewer, headers, signal, requestId } = call
  const { blob, size, type, tag } = await service.original(askerOf(call), (call.params as { vid: string }).vid)
  const method = call.raw.method ?? 'GET'
  const asked = { method, range: headers.range, ifRange: headers['if-range'] as string | undefined }
  const answer = rangeAnswer(asked, { size, tag })
  const common = { ...harmless, 'accept-ranges': 'bytes', etag: tag, 'cache-control': 'private, no-cache', 'content-type': type }
  if (headers['if-none-match'] === tag) return void response.writeHead(304, common).end()
  if (answer.state === 'unsatisfiable')
    return void response.writeHead(416, { ...common, 'content-range': noContentRange(size), 'content-length': 0 }).end()
  if (method === 'HEAD') return void response.writeHead(200, { ...common, 'content-length': size }).end()
  const leave = service.sitForResponse(viewer, requestId)
  try {
    const send = (source: AsyncIterable<Uint8Array | string>) => pipeline(Readable.from(source, { objectMode: false }), response)
    if (answer.state === 'parts') {
      const framed = multipart(answer.ranges, { size, type, boundary: `part-${requestId}` })
      response.writeHead(206, { ...common, 'content-type': framed.contentType, 'content-length': framed.length })
      return await send(framedBytes(framed, (range) => service.read(blob, range, signal)))
    }
    const range = answer.state === 'part' ? answer.range : { start: 0, end: size }
    const part = answer.state === 'part' ? { 'content-range': contentRange(range, size) } : {}
    response.writeHead(answer.state === 'part' ? 206 : 200, { ...common, ...part, 'content-length': range.end - range.start })
    await send(service.read(blob, range, signal))
  } finally {
    leave()
  }
}

type Framed = ReturnType<typeof multipart>

async function* framedBytes({ parts, tail }: Framed, read: (range: Framed['parts'][number]['range']) => AsyncIterable<Uint8Array>) {
  for (const { head, range } of parts) {
    yield Buffer.from(head)
    yield* read(range)
  }
  yield Buffer.from(tail)
}
