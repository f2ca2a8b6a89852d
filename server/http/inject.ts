import { type IncomingHttpHeaders, type IncomingMessage, request as openRequest, type Server } from 'node:http'
import { type Duplex, duplexPair } from 'node:stream'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'

export type Injection = {
  method?: string
  path: string
  headers?: Record<string, string | string[]>
  /** Objects go as JSON. */
  body?: string | Uint8Array | object
  /** As whom the line is opened. */
  from?: string
}

export type Injected = {
  status: number
  headers: IncomingHttpHeaders
  /** As they came, packed perhaps; `text` is unpacked. */
  bytes: Buffer
  text: string
  /** The body as JSON, parsed when somebody looks at it; undefined where it is none. */
  readonly json: unknown
}

/**
 * One call through the real parser and the real server over a line in memory: what a test sees is what a caller sees, without a port.
 */
export async function injectInto(
  server: Server,
  { method = 'GET', path, headers = {}, body, from = '127.0.0.1' }: Injection,
): Promise<Injected> {
  const [near, far] = duplexPair()
  Object.defineProperty(far, 'remoteAddress', { value: from })
  server.emit('connection', far)
  const isPlain = body === undefined || typeof body === 'string' || body instanceof Uint8Array
  const content = isPlain ? body : JSON.stringify(body)
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()))
  const all: Record<string, string | string[]> = { ...headers }
  if (!names.has('host')) all.host = 'localhost'
  if (!isPlain && !names.has('content-type')) all['content-type'] = 'application/json'
  if (content !== undefined && !names.has('content-length') && !names.has('transfer-encoding'))
    all['content-length'] = String(Buffer.byteLength(content))
  try {
    return await exchange(near, { method, path, headers: all, content })
  } finally {
    near.destroy()
    far.destroy()
  }
}

type Outgoing = { method: string; path: string; headers: Record<string, string | string[]>; content: string | Uint8Array | undefined }

function exchange(line: Duplex, { method, path, headers, content }: Outgoing): Promise<Injected> {
  return new Promise((resolve, reject) => {
    // A line in memory is a socket as far as the client needs one.
    const request = openRequest({ method, path, headers, createConnection: () => line as never })
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const text = unpack(bytes, response.headers['content-encoding']).toString()
        resolve(new Answered(response, bytes, text))
      })
    })
    request.end(content)
  })
}

class Answered implements Injected {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
  #json: unknown

  constructor({ statusCode, headers }: IncomingMessage, bytes: Buffer, text: string) {
    this.status = statusCode ?? 0
    this.headers = headers
    this.bytes = bytes
    this.text = text
  }

  get json(): unknown {
    this.#json ??= toJson(this.headers['content-type'], this.text)
    return this.#json
  }
}

function unpack(bytes: Buffer, encoding: string | undefined): Buffer {
  if (bytes.length === 0) return bytes
  if (encoding === 'br') return brotliDecompressSync(bytes)
  if (encoding === 'zstd') return zstdDecompressSync(bytes)
  return encoding === 'gzip' ? gunzipSync(bytes) : bytes
}

function toJson(contentType: string | undefined, text: string): unknown {
  return contentType?.includes('json') && text !== '' ? JSON.parse(text) : undefined
}
