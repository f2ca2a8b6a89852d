import { Md5 } from './md5.ts'
import type { Range } from './ranges.ts'

export type UploadTask = { taskId: number; uploadUrl: string; blocksUrl: string; stateUrl: string }
export type BlockAnswer = { kind: 'taken' } | { kind: 'refused'; why: string } | { kind: 'elsewhere' }

/** A request that may be made again: the line broke, or the server was busy. */
export class LineBroke extends Error {
  readonly retryAfterMs: number | undefined

  constructor(why: string, options: ErrorOptions & { retryAfterMs?: number | undefined } = {}) {
    super(why, options)
    this.name = 'LineBroke'
    this.retryAfterMs = options.retryAfterMs
  }
}

/** The block protocol as a client speaks it; an answer that is none of the protocol's is a broken line. */
export function openBlockLine(task: UploadTask, request: typeof fetch = fetch) {
  return {
    async missing(signal: AbortSignal): Promise<Range[]> {
      const answer = await ask(request, task.blocksUrl, { signal })
      if (answer.retCode !== '0') throw new Error(answer.status)
      const { data } = answer as { data: { expectBlocks: { startByte: number; endByte: number }[] } }
      return data.expectBlocks.map(({ startByte, endByte }) => ({ start: startByte, end: endByte }))
    },
    async send(range: Range, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<BlockAnswer> {
      const body = new FormData()
      body.set('partMd5', new Md5().update(bytes).hex())
      body.set('startByte', String(range.start))
      body.set('endByte', String(range.end))
      body.set('file', new Blob([bytes]), 'block')
      const { retCode, status } = await ask(request, task.uploadUrl, { method: 'POST', body, signal })
      if (retCode === '0') return { kind: 'taken' }
      return retCode === '1' ? { kind: 'elsewhere' } : { kind: 'refused', why: status }
    },
  }
}

type Envelope = { retCode: string; status: string; data?: unknown }

async function ask(request: typeof fetch, url: string, init: RequestInit): Promise<Envelope> {
  let answer: Response
  let body: unknown
  try {
    answer = await request(url, init)
    body = await answer.json()
  } catch (cause) {
    init.signal?.throwIfAborted()
    throw new LineBroke('The line broke.', { cause })
  }
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined
  if (answer.status === 429 || answer.status >= 500) throw new LineBroke(`The server answered ${answer.status}.`, { retryAfterMs })
  if (typeof body === 'object' && body !== null && 'retCode' in body) return body as Envelope
  throw new LineBroke(`What answered (${answer.status}) does not speak the protocol.`)
}
