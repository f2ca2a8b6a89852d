import type { ServerResponse } from 'node:http'
import { Type } from 'typebox'
import { preflightHeaders } from '#server/http/origins.ts'
import { type Call, type Route, route } from '#server/http/route.ts'
import { exact } from '#shared/messages/message.ts'
import { Refusal } from './refusal.ts'
import type { UploadService } from './service.ts'
import { drain } from './spent.ts'
import { heldFromStart } from './take-run.ts'
import type { TaskRow } from './store.ts'
import type { TusDoor, TusWish } from './tus-door.ts'
import { algorithms, extensions, parseChecksum, parseConcat, parseLength, parseMetadata, version } from './tus-words.ts'

const area = 'Uploads by tus'
const base = '/tus'
const octets = 'application/offset+octet-stream'
const perMinute = { count: 6000, periodMs: 60_000 }
const mostBytes = 2 ** 41

type AnyCall = Call<unknown, unknown, unknown>
type Told = { status: number; headers?: Record<string, string | number>; text?: string }

/** tus 1.0.0. Each branch stands below what the protocol asks for there, in our words. */
export function tusRoutes(service: UploadService, door: TusDoor): Route[] {
  const tus = createTus(service, door)
  const params = exact({ upload: Type.String({ maxLength: 100 }) })
  const one = { path: `${base}/:upload`, params, area, access: 'anyone', sessionless: true, answers: { 204: null } } as const
  const limits = [{ name: 'upload-blocks', limit: perMinute, per: 'address' as const }]
  return [
    route({ ...one, params: exact({}), path: base, ...asked }),
    route({ ...one, ...asked }),
    route({
      method: 'POST',
      path: base,
      area,
      access: 'person',
      summary: 'Begins an upload by tus, perhaps with its first bytes.',
      body: 'raw',
      answers: { 201: null },
      limits: [{ name: 'tus-uploads', limit: { count: 3000, periodMs: 3_600_000 }, per: 'person' }],
      respond: answered((call) => tus.create(call)),
    }),
    route({ ...one, method: 'HEAD', summary: 'How far an upload has come.', respond: answered((call) => tus.look(call)) }),
    route({
      ...one,
      method: 'PATCH',
      body: 'raw',
      unguarded: true,
      limits,
      summary: 'Brings bytes of an upload.',
      respond: answered((call) => tus.patch(call)),
    }),
    route({ ...one, method: 'DELETE', limits, summary: 'Ends an upload and frees its bytes.', respond: answered((call) => tus.end(call)) }),
    route({
      ...one,
      method: 'POST',
      body: 'raw',
      limits,
      summary: 'The same, for clients whose way lets no other method through.',
      // "X-HTTP-Method-Override": where it is there, it counts for the method.
      respond: answered((call) => {
        const asked = call.headers['x-http-method-override']
        if (asked === 'HEAD') return tus.look(call)
        if (asked === 'PATCH') return tus.patch(call)
        if (asked === 'DELETE') return tus.end(call)
        return Promise.resolve({ status: 405, headers: { allow: 'HEAD, PATCH, DELETE' }, text: 'X-HTTP-Method-Override is missing.' })
      }),
    }),
  ]
}

/** "OPTIONS": says the versions and extensions, and is the one request that need not say its own version. */
const asked = {
  method: 'OPTIONS',
  summary: 'What this server can do of tus.',
  async respond(_call: AnyCall, response: ServerResponse) {
    // Pages of other sites ask beforehand; those that are let in have been told so already.
    const isLetIn = response.getHeader('access-control-allow-origin') !== undefined
    const methods = isLetIn ? preflightHeaders(['POST', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS']) : {}
    write(response, { status: 204, headers: { ...facts, ...methods } })
  },
} as const

const facts = {
  'tus-version': version,
  'tus-extension': extensions.join(','),
  'tus-checksum-algorithm': algorithms.join(','),
  'tus-max-size': mostBytes,
}

function createTus(service: UploadService, door: TusDoor) {
  /** "Expiration": an unfinished upload says until when it may be continued. */
  const expiry = (row: TaskRow): Record<string, string> =>
    isUnfinished(row) ? { 'upload-expires': new Date(service.expiresMs(row)).toUTCString() } : {}

  async function take(row: TaskRow, call: AnyCall, offset: number): Promise<Told> {
    const header = call.headers['upload-checksum']
    const checksum = typeof header === 'string' ? parseChecksum(header) : undefined
    // "Checksum": an algorithm that the server does not know is 400.
    if (header !== undefined && (checksum === undefined || checksum === 'unknown'))
      return { status: 400, text: `Upload-Checksum must be one of ${algorithms.join(', ')} and a digest in Base64.` }
    const known = checksum === 'unknown' ? undefined : checksum
    const length = parseLength(call.headers['content-length'])
    const bytes = call.raw.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>
    const taken = await service.takeRun(row.id, { offset, length, checksum: known, bytes, abort: () => void call.raw.destroy() })
    const headers = { 'upload-offset': taken.offset, ...expiry(row) }
    // "PATCH": an offset that is not where the upload stands is 409, and changes nothing. The answer says where it stands.
    if (taken.kind === 'elsewhere') return { status: 409, headers, text: `The upload stands at ${taken.offset}.` }
    if (taken.kind === 'busy')
      return { status: 423, headers: { ...headers, 'retry-after': 1 }, text: 'Another connection brings these bytes.' }
    // "Checksum": 460, and what was brought is thrown away.
    if (taken.kind === 'mismatch')
      return { status: 460, headers, text: 'The bytes do not have the checksum that was announced, or differ from those held.' }
    return { status: 204, headers }
  }

  return {
    async create(call: AnyCall): Promise<Told> {
      const wish = readWish(service, call)
      if ('status' in wish) return wish
      const row = await door.create(call.viewer, wish)
      const location = toTusUrl(service, row, call.origin)
      const created = { location, ...expiry(row) }
      // "Creation With Upload": the body is taken as if it came by PATCH at 0; how far it came stands beside the address.
      if (call.headers['content-type'] !== octets) return { status: 201, headers: created }
      const told = await take(row, call, 0)
      return { ...told, status: told.status === 204 ? 201 : told.status, headers: { ...told.headers, ...created } }
    },

    async look(call: AnyCall): Promise<Told> {
      const row = await rowOf(service, call)
      const { metadata, concat } = door.toldOf(row)
      const isJoining = row.parts !== null && row.state === 'verifying'
      const headers = {
        'upload-length': row.size,
        // "Concatenation": no offset, as long as the parts are not joined.
        ...(isJoining ? {} : { 'upload-offset': heldFromStart(row) }),
        ...(metadata === undefined ? {} : { 'upload-metadata': metadata }),
        ...(row.kind === 'part' ? { 'upload-concat': 'partial' } : concat === undefined ? {} : { 'upload-concat': concat }),
        ...expiry(row),
      }
      return { status: 200, headers }
    },

    async patch(call: AnyCall): Promise<Told> {
      const row = await rowOf(service, call)
      // "PATCH": this one type of content, or 415.
      if (call.headers['content-type'] !== octets) return { status: 415, text: `The content type must be ${octets}.` }
      const offset = parseLength(single(call.headers['upload-offset']))
      if (offset === undefined) return { status: 400, text: 'Upload-Offset must be a whole number of bytes.' }
      // "Concatenation": what was joined takes no more bytes.
      if (row.parts !== null) return { status: 403, text: 'A final upload is made of its parts alone.' }
      return await take(row, call, offset)
    },

    async end(call: AnyCall): Promise<Told> {
      const row = await rowOf(service, call)
      await service.setState(row.id, 'cancel', undefined)
      return { status: 204 }
    },
  }
}

const isUnfinished = ({ state, kind }: TaskRow) => state === 'open' || state === 'paused' || (kind === 'part' && state === 'verifying')
const single = (header: string | string[] | undefined) => (typeof header === 'string' ? header : undefined)

function readWish(service: UploadService, { headers }: AnyCall): TusWish | Told {
  const metadata = single(headers['upload-metadata'])
  const known = parseMetadata(metadata)
  if (!known || (metadata?.length ?? 0) > 8192) return { status: 400, text: 'Upload-Metadata is malformed.' }
  const concatHeader = single(headers['upload-concat'])
  const concat = concatHeader === undefined ? undefined : parseConcat(concatHeader)
  if (concatHeader !== undefined && !concat) return { status: 400, text: 'Upload-Concat is malformed.' }
  const told = { ...(metadata === undefined ? {} : { metadata }), ...(concat?.kind === 'final' ? { concat: concatHeader ?? '' } : {}) }
  const fileName = (known.get('filename') ?? known.get('name') ?? '').slice(0, 255) || 'film'
  const wish = { fileName, videoId: known.get('videoId'), told }
  const size = parseLength(single(headers['upload-length']))
  // "Concatenation": a final upload has the length of its parts, and may not name one.
  if (concat?.kind === 'final') {
    if (headers['upload-length'] !== undefined) return { status: 400, text: 'A final upload has the length of its parts.' }
    const parts = concat.urls.map((url) => idOf(service, url.split('?')[0]?.split('/').at(-1) ?? ''))
    return { ...wish, kind: 'joined', parts }
  }
  // "Creation": the length is told at once, because "creation-defer-length" is not among the extensions.
  if (size === undefined) return { status: 400, text: 'Upload-Length must be a whole number of bytes.' }
  if (size > mostBytes) return { status: 413, text: `An upload may have ${mostBytes} bytes at most.` }
  return concat ? { ...wish, kind: 'part', size } : { ...wish, kind: 'film', size }
}

/** In the address: the task, and that who has it was given it. */
function idOf(service: UploadService, word: string): number {
  const [id = '', signature = ''] = word.split('.', 2)
  const taskId = parseLength(id) ?? 0
  service.checkSignature(taskId, signature)
  return taskId
}

async function rowOf(service: UploadService, call: AnyCall): Promise<TaskRow> {
  const row = await service.get(idOf(service, (call.params as { upload: string }).upload))
  // "Termination", "Expiration": what was ended is gone.
  if (row.state === 'cancelled') throw new Refusal('cancelled', 'The upload was ended.', 410)
  return row
}

export const toTusUrl = (service: Pick<UploadService, 'sign'>, { id }: Pick<TaskRow, 'id'>, origin: string): string =>
  `${origin}/api${base}/${id}.${service.sign(id)}`

function answered(handle: (call: AnyCall) => Promise<Told>): (call: AnyCall, response: ServerResponse) => Promise<void> {
  return async (call, response) => {
    // "Tus-Resumable": every request names the version; another one is 412 with those that are known, and is not looked at.
    if (call.headers['tus-resumable'] !== version) {
      write(response, { status: 412, headers: { 'tus-version': version }, text: `Tus-Resumable must be ${version}.` })
      return
    }
    try {
      write(response, await handle(call))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      write(response, { status: statusOf(error), text: error.message })
    }
    if (!call.raw.complete) drain(call.raw)
  }
}

const statuses: Record<string, number> = { '2': 410, '3': 400, '6': 413, '7': 507, '8': 423, '9': 409, '10': 404, '11': 403 }
const statusOf = ({ httpStatus, retCode }: Refusal) => (httpStatus === 200 ? (statuses[retCode] ?? 400) : httpStatus)

function write(response: ServerResponse, { status, headers = {}, text }: Told): void {
  if (response.destroyed || response.headersSent) return
  const isFull = text !== undefined && status !== 204
  response.setHeader('tus-resumable', version)
  // "HEAD": no one in between may keep the answer; nor any other.
  response.setHeader('cache-control', 'no-store')
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (isFull) response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.writeHead(status, isFull ? { 'content-length': Buffer.byteLength(text) } : status === 204 ? {} : { 'content-length': 0 })
  response.end(isFull ? text : undefined)
}
