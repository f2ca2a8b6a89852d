import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { S3mini } from 's3mini'
import { backoffMs } from '#server/lib/backoff.ts'
import type { Clock } from '#server/ports/clock.ts'
import { full, unreachable } from './errors.ts'

export type S3Settings = {
  endpoint: string
  region: string
  bucket: string
  accessKey: string
  secretKey: string
  /** How long one attempt may take, what it carries apart. */
  answerTimeoutMs?: number
}

export type S3Client = {
  /** Does `act`, again after what may pass: a broken line, a late answer, 5xx. Gives the answer's headers as well. */
  ask<T>(act: (s3: S3mini) => Promise<T>, options?: AskOptions): Promise<{ value: T; headers: Headers }>
}

export type AskOptions = {
  signal?: AbortSignal | undefined
  /** So much longer than others may an attempt take, for what it carries. No bound for bodies that are streamed: whoever reads them watches over them. */
  extraMs?: number | 'unbounded'
}

type Attempt = { signal: AbortSignal; headers: Headers }

const attempts = 5
const retry = { firstMs: 100, mostMs: 3000 }

/** One S3 client with bounds: every attempt ends in time, what may pass is tried again with growing pauses, and nothing is followed elsewhere. */
export function createS3Client(settings: S3Settings, clock: Clock): S3Client {
  const { endpoint, region, bucket, accessKey, secretKey, answerTimeoutMs = 20_000 } = settings
  // The library knows neither signals nor the headers of its answers: both travel beside the call.
  const attempt = new AsyncLocalStorage<Attempt>()
  const fetchInBounds: typeof fetch = async (input, init) => {
    const current = attempt.getStore()
    // A redirect would carry our request to where the answer says.
    const response = await fetch(input, { ...withDigest(init), redirect: 'manual', signal: current?.signal ?? null })
    if (current) current.headers = response.headers
    return response
  }
  const s3 = new S3mini({
    endpoint: `${endpoint.replace(/\/+$/, '')}/${bucket}`,
    region,
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    fetch: fetchInBounds,
  })
  // The library leaves !'()* as they are; the signature wants every byte encoded but A-Z a-z 0-9 - . _ ~ (file names in signed addresses have them).
  Object.assign(s3, { _buildCanonicalQueryString: toCanonicalQuery })

  return {
    async ask(act, { signal, extraMs = 0 } = {}) {
      const startMs = clock.monotonicMs()
      const timeoutMs = extraMs === 'unbounded' ? undefined : Math.ceil(answerTimeoutMs + extraMs)
      for (let failures = 1; ; failures++) {
        signal?.throwIfAborted()
        const limits = [signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)].filter((each) => each !== undefined)
        const bounds: Attempt = { signal: AbortSignal.any(limits), headers: new Headers() }
        try {
          return { value: await attempt.run(bounds, () => act(s3)), headers: bounds.headers }
        } catch (error) {
          signal?.throwIfAborted()
          if (!mayPass(error)) throw toProblem(error)
          // A store that swallows everything is not waited for five times as long as one that is busy.
          const hasPatience = clock.monotonicMs() - startMs < (timeoutMs ?? answerTimeoutMs)
          if (failures === attempts || !hasPatience) throw unreachable(error)
        }
        await clock.wait(backoffMs(failures, retry), signal)
      }
    },
  }
}

/** Some stores refuse a body of commands (a batch to delete) without its digest, which the library leaves out. */
function withDigest(init: RequestInit | undefined): RequestInit {
  if (init?.method !== 'POST' || typeof init.body !== 'string') return init ?? {}
  const headers = new Headers(init.headers)
  headers.set('content-md5', createHash('md5').update(init.body).digest('base64'))
  return { ...init, headers }
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined
}

function serviceCodeOf(error: unknown): string {
  return error instanceof Error && 'serviceCode' in error ? String(error.serviceCode) : ''
}

/** Without a status nobody has answered; with these the server asks for patience, or is not well. */
export function mayPass(error: unknown): boolean {
  const status = statusOf(error)
  if (status === undefined) return isBrokenLine(error)
  return status >= 500 ? status !== 501 && status !== 507 : status === 408 || status === 429 || serviceCodeOf(error) === 'RequestTimeout'
}

/** What fetch throws: a TypeError with a cause for the line, a DOMException for our own timeout. */
function isBrokenLine(error: unknown): boolean {
  if (error instanceof DOMException) return error.name === 'TimeoutError' || error.name === 'AbortError'
  return (
    error instanceof Error &&
    (error.name === 'S3NetworkError' || (error instanceof TypeError && 'cause' in error) || error.message === 'terminated')
  )
}

function toProblem(error: unknown): unknown {
  const isFull = statusOf(error) === 507 || ['QuotaExceeded', 'XMinioStorageFull', 'InsufficientCapacity'].includes(serviceCodeOf(error))
  return isFull ? full(error) : error
}

function toCanonicalQuery(query: Record<string, unknown> | undefined): string {
  return Object.entries(query ?? {})
    .map(([name, value]) => [encode(name), encode(String(value))] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}
