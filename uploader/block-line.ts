import { LineBroke, UploadFailure } from './failure.ts'
import type { Range } from './ranges.ts'

export type UploadTask = { taskId: number; uploadUrl: string; blocksUrl: string; stateUrl: string }
export type Wanted = { isPaused: boolean; missing: Range[] }
export type BlockAnswer = 'taken' | 'elsewhere' | 'too large' | { refused: string }
type Block = { range: Range; bytes: Uint8Array<ArrayBuffer>; md5: string }

/** A request that has not been answered by then has been lost: so long, and longer by the time its bytes take on a poor line. */
const patienceMs = 30_000
const poorBytesPerMs = 16

/** The block protocol as a client speaks it; an answer that is none of the protocol's is a broken line. */
export function openBlockLine(task: UploadTask, request: typeof fetch) {
  return {
    async wanted(signal: AbortSignal): Promise<Wanted> {
      const { envelope } = await ask(request, task.blocksUrl, { signal })
      if (envelope.retCode !== '0') throw new UploadFailure('gone', envelope.status)
      const { status, expectBlocks } = envelope.data as { status: string; expectBlocks: { startByte: number; endByte: number }[] }
      return { isPaused: status === 'pause', missing: expectBlocks.map(({ startByte, endByte }) => ({ start: startByte, end: endByte })) }
    },
    async send({ range, bytes, md5 }: Block, signal: AbortSignal): Promise<BlockAnswer> {
      const body = new FormData()
      body.set('partMd5', md5)
      body.set('startByte', String(range.start))
      body.set('endByte', String(range.end))
      body.set('file', new Blob([bytes]), 'block')
      const { envelope, status } = await ask(request, task.uploadUrl, { method: 'POST', body, signal }, bytes.length)
      if (status === 413) return 'too large'
      if (envelope.retCode === '0') return 'taken'
      return envelope.retCode === '1' ? 'elsewhere' : { refused: envelope.status }
    },
    async tell(body: { status: 'pause' | 'upload' | 'cancel'; fileMd5?: string }, signal: AbortSignal): Promise<void> {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, signal }
      const { envelope } = await ask(request, task.stateUrl, { ...init, body: JSON.stringify({ taskId: task.taskId, ...body }) })
      if (envelope.retCode !== '0') throw new UploadFailure('refused', envelope.status)
    },
  }
}

export type BlockLine = ReturnType<typeof openBlockLine>
type Envelope = { retCode: string; status: string; data?: unknown }

async function ask(request: typeof fetch, url: string, init: RequestInit & { signal: AbortSignal }, bytes = 0) {
  const { signal } = init
  const late = AbortSignal.timeout(patienceMs + bytes / poorBytesPerMs)
  let answer: Response
  let envelope: unknown
  try {
    answer = await request(url, { ...init, signal: AbortSignal.any([signal, late]) })
    envelope = await answer.json()
  } catch (cause) {
    signal.throwIfAborted()
    throw new LineBroke('The line broke.', { cause })
  }
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined
  if (!isEnvelope(envelope)) throw new LineBroke(`What answered (${answer.status}) does not speak the protocol.`, { retryAfterMs })
  if (answer.status === 429 || answer.status >= 500) throw new LineBroke(envelope.status, { retryAfterMs })
  return { envelope, status: answer.status }
}

function isEnvelope(body: unknown): body is Envelope {
  return typeof body === 'object' && body !== null && 'retCode' in body && 'status' in body && typeof body.status === 'string'
}
