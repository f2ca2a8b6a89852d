import type { IncomingMessage, ServerResponse } from 'node:http'
import { negotiateLanguage } from '#server/lib/negotiate-language.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Language } from '#shared/language.ts'
import type { Client } from './client.ts'
import type { Plan } from './plan.ts'

/** One request and its answer, with what has been found out about both so far. */
export class Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly client: Client
  readonly id: string
  readonly startedMs: number
  /** Name, value, name, value …: what every answer to this request carries, whatever it will be. */
  readonly headers: string[]
  plan: Plan | undefined
  viewer: Viewer | undefined
  readonly #process: { readonly isDraining: boolean }
  #signal: AbortSignal | undefined

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    known: { client: Client; id: string; startedMs: number; process: { readonly isDraining: boolean } },
  ) {
    this.request = request
    this.response = response
    this.client = known.client
    this.id = known.id
    this.startedMs = known.startedMs
    this.#process = known.process
    this.headers = ['x-request-id', known.id]
  }

  /** The process is shutting down: the line ends with this answer. */
  get isLast(): boolean {
    return this.#process.isDraining
  }

  get language(): Language {
    return this.viewer?.language ?? negotiateLanguage(this.request.headers['accept-language'])
  }

  /** Made when somebody asks for it: few do. */
  get signal(): AbortSignal {
    if (this.#signal) return this.#signal
    const gone = new AbortController()
    const { response } = this
    const onClose = () => {
      if (!response.writableFinished) gone.abort(new DOMException('The caller went away.', 'AbortError'))
    }
    if (response.closed) onClose()
    else response.once('close', onClose)
    this.#signal = gone.signal
    return this.#signal
  }
}

const exchangeKey = Symbol('exchange')
type Carrier = { [exchangeKey]?: Exchange }

export function carry(exchange: Exchange): void {
  const carrier = exchange.request as Carrier
  carrier[exchangeKey] = exchange
}

export function carriedBy(request: IncomingMessage): Exchange {
  const exchange = (request as Carrier)[exchangeKey]
  if (!exchange) throw new Error('A request came in by no door of ours.')
  return exchange
}
