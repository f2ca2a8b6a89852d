import type { ServerResponse } from 'node:http'
import { Type } from 'typebox'
import { readJson } from '#server/http/body.ts'
import { type Call, type Route, route } from '#server/http/route.ts'
import type { ByteRange } from '#server/lib/byte-ranges.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Language } from '#shared/language.ts'
import { exact } from '#shared/messages/message.ts'
import { readBlock } from './block-form.ts'
import { parseByteCount } from './block-range.ts'
import type { OwnFile } from './own.ts'
import { refusalText } from './refusal-text.ts'
import { Refusal, refuse } from './refusal.ts'
import type { UploadService } from './service.ts'
import { drain } from './spent.ts'
import type { TaskRow } from './store.ts'
import { toTusUrl } from './tus-routes.ts'

const area = 'Uploads'
const blockPath = '/upload/files/block'
const statePath = '/upload/files/state'
const infoPath = '/upload/files/blocks/info'
/** Many clients may sit behind one address, and a fast line sends many blocks. */
const perMinute = { count: 6000, periodMs: 60_000 }
const mostJsonBytes = 2 ** 20

type Told = { retCode: string; status: string; data: unknown } & Record<string, unknown>
type Handle = (call: Call<unknown, unknown, unknown>, response: ServerResponse) => Promise<Told>

/** upload-protocol, "HTTP status": always with the same envelope, also where the frame refuses. */
const failureBody = ({ status, code, title, detail }: { status: number; code: string; title: string; detail?: string }) => ({
  retCode: status === 429 ? '13' : '12',
  status: detail ?? title,
  data: null,
  code,
})

/** The block protocol: every answer has the protocol's envelope, also where something is wrong. */
export function uploadRoutes(service: UploadService): Route[] {
  const common = { area, access: 'anyone', sessionless: true, answers: { 200: null }, failureBody } as const
  const changing = { ...common, method: 'POST', body: 'raw' } as const
  return [
    route({
      ...changing,
      path: '/upload/new/task',
      limits: [{ name: 'upload-new-task', limit: perMinute, per: 'address' }],
      summary: 'Opens an upload, for a business server that shows its token.',
      respond: enveloped(async (call) => told(toUrls(service, await service.openTask(await readBody(call)), call.origin))),
    }),
    route({
      ...changing,
      path: blockPath,
      // A poor line carries small blocks, and many of them.
      unguarded: true,
      limits: [{ name: 'upload-blocks', limit: perMinute, per: 'address' }],
      summary: 'Takes a block of a file as multipart/form-data. What is answered with "0" is on disk.',
      respond: enveloped(async (call) => {
        const row = await service.get(taskOf(service, call))
        const taken = await readBlock(call.raw, service.blockLimits(row), (block) => service.takeBlock(row.id, block))
        const data = { startByte: taken.range.start, endByte: taken.range.end }
        return taken.taken ? told(data) : { retCode: '1', status: 'Another connection is bringing these bytes.', data }
      }),
    }),
    route({
      ...changing,
      path: statePath,
      limits: [{ name: 'upload-state', limit: perMinute, per: 'address' }],
      summary: 'Pauses an upload, resumes it or cancels it.',
      respond: enveloped(async (call) => {
        const asked = await readBody(call)
        const id = taskOf(service, call)
        if (asked.taskId !== undefined && parseByteCount(asked.taskId) !== id) refuse('request', 'taskId is another one than in the URL.')
        await service.setState(id, asked.status, asked.fileMd5)
        return told(String(asked.status))
      }),
    }),
    route({
      ...common,
      method: 'GET',
      path: infoPath,
      summary: 'What is still wanted of an upload.',
      respond: enveloped(async (call) => toInfo(service, await service.get(taskOf(service, call)), call)),
    }),
  ]
}

const urls = {
  taskId: Type.Integer(),
  uploadUrl: Type.String(),
  blocksUrl: Type.String(),
  stateUrl: Type.String(),
  tusUrl: Type.String(),
}

const Unfinished = exact({
  videoId: Type.String(),
  fileName: Type.String(),
  fileSize: Type.Integer(),
  state: Type.Enum(['open', 'paused', 'verifying']),
  missing: Type.Array(exact({ startByte: Type.Integer(), endByte: Type.Integer() })),
  startedAt: Type.String(),
  expiresAt: Type.String(),
  ...urls,
})

/** Films of Matinee's own people: a task of the same protocol. */
export function ownRoutes(
  service: UploadService,
  own: {
    open(viewer: Viewer, file: OwnFile): Promise<{ row: TaskRow; videoId: string }>
    list(viewer: Viewer): Promise<{ row: TaskRow; videoId: string; fileName: string }[]>
  },
): Route[] {
  return [
    route({
      method: 'GET',
      path: '/uploads',
      area,
      summary: 'One\u2019s own uploads that are not complete, the newest first, with what is held of each: to go on with on any device.',
      access: 'person',
      answers: { 200: exact({ items: Type.Array(Unfinished), nextCursor: Type.Null() }) },
      async handle({ viewer, origin }) {
        const items = (await own.list(viewer)).map(({ row, videoId, fileName }) => ({
          videoId,
          fileName,
          fileSize: row.size,
          state: row.state === 'paused' ? ('paused' as const) : row.state === 'open' ? ('open' as const) : ('verifying' as const),
          missing: service.missing(row).map(({ start, end }) => ({ startByte: start, endByte: end })),
          startedAt: new Date(row.created_ms).toISOString(),
          expiresAt: new Date(service.expiresMs(row)).toISOString(),
          ...toUrls(service, row, origin),
          tusUrl: toTusUrl(service, row, origin),
        }))
        return { status: 200, body: { items, nextCursor: null } }
      },
    }),
    route({
      method: 'POST',
      path: '/uploads',
      area,
      summary: 'Begins the upload of a film, into a video of one\u2019s own or a new draft. What follows is the block protocol.',
      access: 'person',
      idempotent: true,
      body: exact({
        fileName: Type.String({ minLength: 1, maxLength: 255 }),
        fileSize: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
        fileMd5: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{32}$' })),
        videoId: Type.Optional(Type.String({ maxLength: 20 })),
      }),
      answers: {
        201: exact({ videoId: Type.String(), ...urls }),
      },
      limits: [{ name: 'uploads', limit: { count: 600, periodMs: 3_600_000 }, per: 'person' }],
      async handle({ viewer, body, origin }) {
        const { row, videoId } = await own.open(viewer, body as OwnFile)
        return { status: 201, body: { videoId, ...toUrls(service, row, origin), tusUrl: toTusUrl(service, row, origin) } }
      },
    }),
  ]
}

const told = (data: unknown): Told => ({ retCode: '0', status: 'ok', data })

function enveloped(handle: Handle): (call: Call<unknown, unknown, unknown>, response: ServerResponse) => Promise<void> {
  return async (call, response) => {
    try {
      write(response, 200, await handle(call, response))
    } catch (error) {
      const { status, text, retCode } = toRefusal(error, call.viewer.language)
      // What is still coming is not read: the line ends with the answer.
      if (!call.raw.complete && status !== 200) response.setHeader('connection', 'close')
      else if (!call.raw.complete) drain(call.raw)
      write(response, status, { retCode, status: text, data: null })
    }
  }
}

function toRefusal(error: unknown, language: Language): { status: number; text: string; retCode: string } {
  if (error instanceof Refusal) return { status: error.httpStatus, text: refusalText(error, language), retCode: error.retCode }
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return toRefusal(new Refusal('full', 'The disk is full. Try again later.'), language)
  const isFrames = error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500
  if (isFrames) return { status: 400, text: 'The request is not of the protocol: its body must be JSON.', retCode: '3' }
  if (error instanceof Problem) return { status: 503, text: 'Not available just now. Try again.', retCode: '12' }
  throw error
}

function write(response: ServerResponse, status: number, body: Told): void {
  if (response.destroyed) return
  const text = JSON.stringify(body)
  response.setHeader('cache-control', 'no-store')
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) }).end(text)
}

async function readBody(call: Call<unknown, unknown, unknown>): Promise<Record<string, unknown>> {
  const body = await readJson(call.raw, mostJsonBytes)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) refuse('request', 'The body must be a JSON object.', 400)
  return body as Record<string, unknown>
}

const queryOf = (call: Call<unknown, unknown, unknown>) => new URL(call.raw.url ?? '', 'http://any').searchParams

function taskOf(service: UploadService, call: Call<unknown, unknown, unknown>): number {
  const query = queryOf(call)
  const id = parseByteCount(query.get('taskId')) ?? refuse('unknown', 'taskId is missing: use the URLs as the opening answered them.')
  service.checkSignature(id, query.get('s') ?? '')
  return id
}

function toUrls(service: UploadService, { id }: TaskRow, origin: string) {
  const url = (path: string) => `${origin}/api${path}?taskId=${id}&s=${service.sign(id)}`
  return { taskId: id, uploadUrl: url(blockPath), blocksUrl: url(infoPath), stateUrl: url(statePath) }
}

/** upload-protocol, 4: the three fields stand at the top as well, where `status` is the task's. */
function toInfo(service: UploadService, row: TaskRow, call: Call<unknown, unknown, unknown>): Told {
  const isInclusive = queryOf(call).get('inclusive') === '1'
  const toBlock = ({ start, end }: ByteRange) => ({ startByte: start, endByte: isInclusive ? end - 1 : end })
  const status = row.state === 'cancelled' ? 'cancel' : row.state === 'paused' ? 'pause' : 'upload'
  const data = { totalSize: row.size, status, expectBlocks: service.missing(row).map(toBlock) }
  return { retCode: row.state === 'cancelled' ? '2' : '0', ...data, data }
}
