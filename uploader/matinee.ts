import type { UploadTask } from './block-line.ts'
import { LineBroke, UploadFailure } from './failure.ts'
import { backoffMs, waitFor } from './wait.ts'
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

/** Opens tasks at Matinee itself: `POST /uploads`. */
export function openAtMatinee({ origin = '', token, renew, videoId, request = fetch }: MatineeOptions): UploadParts['open'] {
  const once = async (file: { name: string; size: number }, signal: AbortSignal): Promise<Response> => {
    const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' }
    if (token) headers['authorization'] = `Bearer ${await token()}`
    const body = JSON.stringify({ fileName: file.name, fileSize: file.size, ...(videoId === undefined ? {} : { videoId }) })
    const answer = await request(`${origin}/api/uploads`, { method: 'POST', headers, body, signal }).catch((cause: unknown) => {
      signal.throwIfAborted()
      throw new LineBroke('The server cannot be reached.', { cause })
    })
    const isPassing = answer.status === 429 || answer.status === 502 || answer.status === 503 || answer.status === 504
    if (isPassing) throw new LineBroke(`The server answered ${answer.status}.`, { retryAfterMs: secondsOf(answer) })
    return answer
  }
  return async (file, signal) => {
    let answer = await persistently(() => once(file, signal), signal)
    if (answer.status === 401 && (await renew?.())) answer = await persistently(() => once(file, signal), signal)
    return await toOpened(answer)
  }
}

function secondsOf(answer: Response): number | undefined {
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds * 1000 : undefined
}

async function persistently(attempt: () => Promise<Response>, signal: AbortSignal): Promise<Response> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof LineBroke) || failures === 10) throw error
      await waitFor(error.retryAfterMs ?? backoffMs(failures), signal)
    }
  }
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
