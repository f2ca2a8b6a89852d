import type { UploadTask } from './block-line.ts'
import { LineBroke, type Trouble, UploadFailure } from './failure.ts'
import { provePossession } from './possess.ts'
import { persistently } from './wait.ts'
import type { Opened, UploadParts } from './upload.ts'

export type MatineeOptions = {
  /** Where Matinee is, such as `https://films.example`; in a page of its own nothing. */
  origin?: string
  /** A bearer token; pages have a cookie instead. */
  token?(): Promise<string>
  /** The session is over: asked once, then the opening is tried again. */
  renew?(): Promise<boolean>
  /** The draft to upload into; without it Matinee makes one of the file's name. */
  videoId?: string
  request?: typeof fetch
}

/** Opens tasks at Matinee itself: `POST /uploads`; and finds those that were begun on another machine: `GET /uploads`. */
export function atMatinee(options: MatineeOptions): Required<Pick<UploadParts, 'open' | 'findBegun' | 'prove'>> {
  const ask = async ({ onTrouble, ...init }: Init & Told, path = ''): Promise<Response> => {
    const persistence = { signal: init.signal, tries: mostTries, onTrouble }
    const answer = await persistently(() => askOnce(options, init, path), persistence)
    if (answer.status !== 401 || !(await options.renew?.())) return answer
    return await persistently(() => askOnce(options, init, path), persistence)
  }
  return {
    prove: ({ task, source, fileMd5 }, signal) =>
      provePossession(
        async (path, body) => {
          const answer = await ask({ method: 'POST', body: JSON.stringify(body), signal }, path)
          if (!answer.ok) throw new UploadFailure('refused', `The server answered ${answer.status}.`)
          return (await answer.json()) as unknown
        },
        source,
        { taskId: task.taskId, fileMd5 },
      ),
    async open({ name, size }, signal, onTrouble) {
      const { videoId } = options
      const body = JSON.stringify({ fileName: name, fileSize: size, ...(videoId === undefined ? {} : { videoId }) })
      return await toOpened(await ask({ method: 'POST', body, signal, onTrouble }))
    },
    async findBegun({ size }, signal, onTrouble) {
      const answer = await ask({ signal, onTrouble })
      const body = (await answer.json().catch(() => undefined)) as { items?: unknown } | undefined
      // What there is cannot be had: then a new one is opened, and that says why.
      if (!answer.ok || !Array.isArray(body?.items)) return []
      const items = (body.items as unknown[]).filter((item): item is Begun => isTask(item) && 'fileSize' in item && item.fileSize === size)
      const { videoId } = options
      const ours = videoId === undefined ? items : items.filter((item) => item.videoId === videoId)
      return ours.map(({ taskId, uploadUrl, blocksUrl, stateUrl, fileName, videoId: begun }) => {
        return { task: { taskId, uploadUrl, blocksUrl, stateUrl }, extra: { videoId: begun }, name: fileName }
      })
    },
  }
}

const mostTries = 10

type Init = RequestInit & { signal: AbortSignal }
type Told = { onTrouble?: ((trouble: Trouble) => void) | undefined }

type Begun = UploadTask & { fileName: string; fileSize: number; videoId?: string }

async function askOnce({ origin = '', token, request = fetch }: MatineeOptions, init: Init, path: string): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (init.body !== undefined) headers['content-type'] = 'application/json'
  if (token) headers['authorization'] = `Bearer ${await token()}`
  const answer = await request(`${origin}/api/uploads${path}`, { ...init, headers }).catch((cause: unknown) => {
    init.signal.throwIfAborted()
    throw new LineBroke('The server cannot be reached.', { cause })
  })
  const isPassing = answer.status === 429 || answer.status === 502 || answer.status === 503 || answer.status === 504
  if (isPassing) throw new LineBroke(`The server answered ${answer.status}.`, { retryAfterMs: secondsOf(answer) })
  return answer
}

function secondsOf(answer: Response): number | undefined {
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds * 1000 : undefined
}

async function toOpened(answer: Response): Promise<Opened> {
  const body: unknown = await answer.json().catch(() => undefined)
  if (!answer.ok || !isTask(body)) throw new UploadFailure('refused', wordsOf(body) ?? `The server answered ${answer.status}.`)
  const { taskId, uploadUrl, blocksUrl, stateUrl, ...extra } = body
  return { task: { taskId, uploadUrl, blocksUrl, stateUrl }, extra }
}

function isTask(body: unknown): body is UploadTask & Record<string, unknown> {
  return typeof body === 'object' && body !== null && 'taskId' in body && typeof body.taskId === 'number' && 'uploadUrl' in body
}

/** RFC 9457: `detail` is for people, and `title` where there is none. */
function wordsOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { detail, title } = body as { detail?: unknown; title?: unknown }
  return typeof detail === 'string' ? detail : typeof title === 'string' ? title : undefined
}
