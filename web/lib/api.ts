import { ApiFailure, toFailure } from './failure.ts'

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type Sending = {
  signal?: AbortSignal
  /** Makes a repeated call harmless: the server answers a second one with the first one's answer. Only such calls are retried. */
  idempotencyKey?: string
  /** Needs no session: one that has ended is no hindrance. */
  withoutSession?: boolean
  /** Ends one's own session: who leaves does not want to sign in first, and whoever hears of the end meanwhile need not ask. */
  endsSession?: boolean
}

/** Our own API. Every way a call can end besides its answer is an `ApiFailure`, or an AbortError for who gave up. */
export interface Api {
  get<T>(path: string, signal?: AbortSignal): Promise<T>
  send<T>(method: Method, path: string, body?: unknown, sending?: Sending): Promise<T>
}

export type ApiParts = {
  fetch: typeof globalThis.fetch
  /** Texts of problems come in the language of the page. */
  language(): string
  /** Called once for all calls that meet the end of the session together; `true` when there is a new one, and the calls go out again. */
  renewSession(): Promise<boolean>
  /** Told of every act that ends the session, before it is sent. */
  leaving?(act: Promise<unknown>): void
  wait?(ms: number, signal?: AbortSignal): Promise<void>
}

const pausesMs = [300, 1200]
const patienceMs = 5000
const passing = new Set([502, 503, 504])

export function createApi(parts: ApiParts): Api {
  const wait = parts.wait ?? waitFor
  let renewal: Promise<boolean> | undefined

  return {
    get: async <T>(path: string, signal?: AbortSignal) =>
      (await inSession(() => persistently(() => request('GET', path, undefined, signal ? { signal } : {}), signal), false)) as T,
    send: async <T>(method: Method, path: string, body?: unknown, sending: Sending = {}) => {
      const once = () => request(method, path, body, sending)
      const attempt = sending.idempotencyKey === undefined ? once : () => persistently(once, sending.signal)
      const act = inSession(attempt, Boolean(sending.withoutSession || sending.endsSession))
      if (sending.endsSession) parts.leaving?.(act)
      return (await act) as T
    },
  }

  async function inSession(attempt: () => Promise<unknown>, withoutSession: boolean): Promise<unknown> {
    try {
      return await attempt()
    } catch (failure) {
      if (withoutSession || !saysSessionIsOver(failure)) throw failure
      renewal ??= parts.renewSession().finally(() => {
        renewal = undefined
      })
      if (!(await renewal)) throw failure
      return await attempt()
    }
  }

  async function persistently(attempt: () => Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
    for (const pauseMs of pausesMs) {
      try {
        return await attempt()
      } catch (failure) {
        const askedMs = failure instanceof ApiFailure && failure.facts.kind === 'refused' ? failure.facts.retryAfterMs : undefined
        if (!mayPass(failure) || (askedMs ?? 0) > patienceMs) throw failure
        await wait(askedMs ?? pauseMs * (0.5 + Math.random()), signal)
      }
    }
    return await attempt()
  }

  async function request(method: string, path: string, body: unknown, sending: Sending): Promise<unknown> {
    const headers: Record<string, string> = { accept: 'application/json', 'accept-language': parts.language() }
    if (body !== undefined && !isBytes(body)) headers['content-type'] = 'application/json'
    if (sending.idempotencyKey !== undefined) headers['idempotency-key'] = sending.idempotencyKey
    const response = await reach(() =>
      parts.fetch(`/api${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: isBytes(body) ? body : JSON.stringify(body) }),
        ...(sending.signal ? { signal: sending.signal } : {}),
      }),
    )
    const answer = await reach(() => read(response))
    if (!response.ok) throw toFailure(response.status, answer, response.headers)
    return answer
  }
}

/** Not every 401 does: a wrong password or code is an answer to who signs in. */
function saysSessionIsOver(failure: unknown): boolean {
  return failure instanceof ApiFailure && (failure.code === 'session.invalid' || failure.code === 'session.needed')
}

function mayPass(failure: unknown): boolean {
  return failure instanceof ApiFailure && (failure.status === undefined || passing.has(failure.status))
}

function isBytes(body: unknown): body is Blob | FormData {
  return body instanceof Blob || body instanceof FormData
}

async function reach<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AbortError') throw cause
    throw new ApiFailure({ kind: 'unreachable' }, { cause })
  }
}

/** What is not JSON (a proxy's error page) counts as no body: the status says enough. */
async function read(response: Response): Promise<unknown> {
  const text = await response.text()
  if (text === '' || !/[/+]json\b/.test(response.headers.get('content-type') ?? '')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function waitFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
