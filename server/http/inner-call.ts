import { type IncomingHttpHeaders, IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Writable } from 'node:stream'
import type { Injected } from './inject.ts'

export type InnerCall = { path: string; headers: Readonly<Record<string, string | string[]>>; from: string }

/**
 * A reading call from within, for pages that are made of several answers: through every layer that stands behind the parser, limits and identity
 * included, but without a line, and without text made bytes and text again. Undefined where only the parser can tell what is meant.
 */
export function callWithin(server: Server, call: InnerCall): Promise<Injected> | undefined {
  if (!/^\/[\x21-\x7e]*$/.test(call.path)) return undefined
  const request = requestOf(call)
  return new Promise((resolve, reject) => {
    const response = new InnerResponse(request)
    response.on('finish', () => resolve(response.answer))
    response.on('close', () => reject(new Error('The inner call was broken off.')))
    server.emit('request', request, response as unknown as ServerResponse)
  })
}

function requestOf({ path, headers, from }: InnerCall): IncomingMessage {
  // As much of a socket as is asked of one: who is at its other end.
  const request = new IncomingMessage({ remoteAddress: from } as Socket)
  request.method = 'GET'
  request.url = path
  request.httpVersion = '1.1'
  request.httpVersionMajor = 1
  request.httpVersionMinor = 1
  const { host = 'localhost' } = headers
  request.headers = { ...headers, host } as IncomingHttpHeaders
  request.rawHeaders = ['host', String(host)]
  request.complete = true
  request.push(null)
  return request
}

/** What a `ServerResponse` is to those who answer, with nothing behind it. */
class InnerResponse extends Writable {
  readonly req: IncomingMessage
  statusCode = 200
  headersSent = false
  readonly #headers: IncomingHttpHeaders = {}
  readonly #chunks: (string | Buffer)[] = []

  constructor(req: IncomingMessage) {
    super({ decodeStrings: false })
    this.req = req
  }

  get answer(): Injected {
    return new InnerAnswer(this.statusCode, this.#headers, this.#chunks)
  }

  writeHead(status: number, headers: readonly string[] | Readonly<Record<string, string>> = []): this {
    this.statusCode = status
    this.headersSent = true
    const pairs = Array.isArray(headers) ? (headers as readonly string[]) : Object.entries(headers).flat()
    for (let at = 0; at < pairs.length; at += 2) this.appendHeader(pairs[at] ?? '', pairs[at + 1] ?? '')
    return this
  }

  appendHeader(given: string, value: string | readonly string[]): this {
    const name = given.toLowerCase()
    const known = this.#headers[name]
    const values = [...(known === undefined ? [] : [known].flat()), ...[value].flat()]
    this.#headers[name] = name === 'set-cookie' ? values : values.join(', ')
    return this
  }

  setHeader(name: string, value: string | readonly string[]): this {
    this.removeHeader(name)
    return this.appendHeader(name, value)
  }

  getHeader = (name: string) => this.#headers[name.toLowerCase()]
  hasHeader = (name: string) => name.toLowerCase() in this.#headers
  getHeaderNames = () => Object.keys(this.#headers)
  flushHeaders(): void {}
  writeContinue(): void {}

  removeHeader(name: string): void {
    delete this.#headers[name.toLowerCase()]
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    this.headersSent = true
    this.#chunks.push(chunk)
    done()
  }
}

class InnerAnswer implements Injected {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  #json: unknown

  constructor(status: number, headers: IncomingHttpHeaders, chunks: readonly (string | Buffer)[]) {
    this.status = status
    this.headers = headers
    this.text = chunks.every((chunk) => typeof chunk === 'string') ? chunks.join('') : Buffer.concat(chunks.map(toBytes)).toString()
  }

  get bytes(): Buffer {
    return Buffer.from(this.text)
  }

  get json(): unknown {
    if (this.#json === undefined && this.headers['content-type']?.includes('json') && this.text !== '') this.#json = JSON.parse(this.text)
    return this.#json
  }
}

const toBytes = (chunk: string | Buffer) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
