import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  type Accepted,
  acceptedEncodings,
  compress,
  compressor,
  type Encoding,
  freshOrder,
  isCompressible,
  pick,
  worthwhileBytes,
} from './compression.ts'
import { entityTag, isKnown, tagOfEncoding } from './etags.ts'
import type { Exchange } from './exchange.ts'

/** An answer that only has to be written. `headers`: name, value, name, value … */
export type Written = {
  status: number
  headers: string[]
  contentType: string | undefined
  body: string | Uint8Array | AsyncIterable<Uint8Array | string> | undefined
  /** May be told apart by a tag, and be told as known: answers to GET that are whole. */
  isTaggable: boolean
  isCompressible: boolean
}

/** Waits only where there is something to wait for. */
export function write(exchange: Exchange, answer: Written): Promise<void> | undefined {
  // A text is not made bytes of first: head and body then go out as two pieces, which costs more than measuring and hashing it as it is.
  const { body } = answer
  if (body === undefined) {
    writeWhole(exchange, answer, undefined)
    return undefined
  }
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return writeStream(exchange, answer, body)
  const tag = answer.isTaggable && isAskedAgain(answer.headers) ? entityTag(body) : undefined
  const encoding = encodingFor(exchange, answer, body.length)
  if (tag !== undefined && isKnown(exchange.request.headers['if-none-match'], tag)) {
    writeHead(exchange, 304, [...answer.headers, 'etag', tagOfEncoding(tag, encoding)])
    exchange.response.end()
    return undefined
  }
  if (encoding) return writeSmall(exchange, answer, { body, tag, encoding })
  if (tag !== undefined) answer.headers.push('etag', tag)
  writeWhole(exchange, answer, body)
  return undefined
}

type Packing = { body: string | Uint8Array; tag: string | undefined; encoding: Encoding }

async function writeSmall(exchange: Exchange, answer: Written, { body, tag, encoding }: Packing): Promise<void> {
  const small = await compress(body, encoding, 'quick')
  const isWorthwhile = small.length < body.length * 0.9
  if (isWorthwhile) answer.headers.push('content-encoding', encoding)
  if (tag !== undefined) answer.headers.push('etag', isWorthwhile ? tagOfEncoding(tag, encoding) : tag)
  writeWhole(exchange, answer, isWorthwhile ? small : body)
}

/** What never changes, or is kept nowhere, is not told apart by a tag: to hash a cell of a film costs more than to send it. */
function isAskedAgain(headers: readonly string[]): boolean {
  const at = headers.indexOf('cache-control')
  return at === -1 || !/immutable|no-store/.test(headers[at + 1] ?? '')
}

/**
 * What another site makes a browser fetch is never compressed: the length of a compressed answer tells whether a guess and a secret in it
 * are alike (BREACH). Nor are answers that hand out a session.
 */
function encodingFor(exchange: Exchange, answer: Written, length: number | undefined) {
  if (!answer.isCompressible || answer.contentType === undefined || !isCompressible(answer.contentType)) return undefined
  answer.headers.push('vary', 'accept-encoding')
  if (length !== undefined && length < worthwhileBytes) return undefined
  if (isFromElsewhere(exchange)) return undefined
  const accepted: Accepted = acceptedEncodings(exchange.request.headers['accept-encoding'])
  return pick(accepted, freshOrder)
}

function isFromElsewhere({ request }: Exchange): boolean {
  const site = request.headers['sec-fetch-site']
  return site === 'cross-site' || site === 'same-site'
}

function writeWhole(exchange: Exchange, answer: Written, body: string | Uint8Array | undefined): void {
  const { headers } = answer
  if (answer.contentType !== undefined && body !== undefined) headers.push('content-type', answer.contentType)
  if (body !== undefined) headers.push('content-length', String(typeof body === 'string' ? Buffer.byteLength(body) : body.length))
  else if (answer.status !== 204 && answer.status !== 304) headers.push('content-length', '0')
  const mustLinger = isMuchUnread(exchange)
  if (mustLinger) headers.push('connection', 'close')
  writeHead(exchange, answer.status, headers)
  if (mustLinger) linger(exchange, body)
  else exchange.response.end(body)
}

async function writeStream(exchange: Exchange, answer: Written, body: AsyncIterable<Uint8Array | string>): Promise<void> {
  const { headers } = answer
  if (answer.contentType !== undefined) headers.push('content-type', answer.contentType)
  const encoding = headers.includes('content-length') ? undefined : encodingFor(exchange, answer, undefined)
  if (encoding) headers.push('content-encoding', encoding)
  writeHead(exchange, answer.status, headers)
  const source = Readable.from(body, { objectMode: false })
  if (exchange.request.method === 'HEAD') {
    source.destroy()
    exchange.response.end()
    return
  }
  if (encoding) await pipeline(source, compressor(encoding), exchange.response)
  else await pipeline(source, exchange.response)
}

export function writeHead(exchange: Exchange, status: number, headers: readonly string[]): void {
  const all = joinVary([...exchange.headers, ...headers])
  if (exchange.isLast && !all.includes('connection')) all.push('connection', 'close')
  exchange.response.writeHead(status, all)
}

/** Several reasons to vary become one line; any other name that is there twice (cookies) stays. */
function joinVary(headers: string[]): string[] {
  const first = headers.indexOf('vary')
  if (first === -1) return headers
  for (let next = headers.indexOf('vary', first + 2); next !== -1; next = headers.indexOf('vary', first + 2)) {
    const [, reason = ''] = headers.splice(next, 2)
    if (!(headers[first + 1] ?? '').split(', ').includes(reason)) headers[first + 1] += `, ${reason}`
  }
  return headers
}

/** A body still on its way that nobody will read is let in up to here; beyond it the line is closed. */
const harmlessRestBytes = 256 * 1024
const lingerMs = 1000

function isMuchUnread({ request }: Exchange): boolean {
  if (request.complete) return false
  const length = request.headers['content-length']
  return length === undefined ? request.headers['transfer-encoding'] !== undefined : Number(length) > harmlessRestBytes
}

/**
 * Whoever is refused while still sending must get the answer: closing with unread bytes would make the system throw it away. So the whole
 * answer goes first, what comes is dropped for a moment, and then the line is closed.
 */
function linger({ request, response }: Exchange, body: string | Uint8Array | undefined): void {
  if (body === undefined || request.method === 'HEAD') response.flushHeaders()
  else response.write(body)
  request.resume()
  const close = () => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(close, lingerMs)
  timer.unref()
  request.once('end', close).once('close', close)
}
