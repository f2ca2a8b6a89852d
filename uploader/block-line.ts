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
    async send(block: Block, signal: AbortSignal): Promise<BlockAnswer> {
      const { body, type } = toMultipart(block)
      const init = { method: 'POST', headers: { 'content-type': type }, body, signal }
      const { envelope, status } = await ask(request, task.uploadUrl, init, block.bytes.length)
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

/** Ends an upload of which nothing but its task is left: what was sent is gone from the server as well. */
export async function cancelTask(task: UploadTask, request: typeof fetch = fetch): Promise<void> {
  await openBlockLine(task, request).tell({ status: 'cancel' }, AbortSignal.timeout(patienceMs))
}

/**
 * The form as bytes, by hand: a `FormData` is read as a stream, and Node's fetch lets an error escape, which nobody can catch, when
 * a request with a stream is given up.
 */
function toMultipart({ range, bytes, md5 }: Block): { body: Uint8Array<ArrayBuffer>; type: string } {
  const boundary = `block-${crypto.getRandomValues(new BigUint64Array(1))[0]?.toString(36)}`
  const field = (name: string, value: string) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const fields = field('partMd5', md5) + field('startByte', String(range.start)) + field('endByte', String(range.end))
  const file = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="block"\r\n\r\n`
  const head = new TextEncoder().encode(fields + file)
  const tail = new TextEncoder().encode(`\r\n--${boundary}--\r\n`)
  const body = new Uint8Array(head.length + bytes.length + tail.length)
  body.set(head)
  body.set(bytes, head.length)
  body.set(tail, head.length + bytes.length)
  return { body, type: `multipart/form-data; boundary=${boundary}` }
}

export type BlockLine = ReturnType<typeof openBlockLine>
type Envelope = { retCode: string; status: string; data?: unknown }

async function ask(request: typeof fetch, url: string, init: RequestInit & { signal: AbortSignal }, bytes = 0) {
  const { signal } = init
  const late = AbortSignal.timeout(patienceMs + Math.ceil(bytes / poorBytesPerMs))
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
  const kind = answer.status === 507 ? 'full' : 'busy'
  if (answer.status === 429 || answer.status >= 500) throw new LineBroke(envelope.status, { retryAfterMs, kind })
  return { envelope, status: answer.status }
}

function isEnvelope(body: unknown): body is Envelope {
  return typeof body === 'object' && body !== null && 'retCode' in body && 'status' in body && typeof body.status === 'string'
}
