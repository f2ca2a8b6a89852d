import { backoffMs } from '#server/lib/backoff.ts'
import type { BlobRange } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import { cutShort, notFound, unreachable } from './errors.ts'
import { mayPass, type S3Client, statusOf } from './s3-client.ts'

/** So long nothing comes, and the line is given up for a new one. */
const idleMs = 10_000
const attempts = 4
const patienceMs = 15_000
const retry = { firstMs: 100, mostMs: 2000 }

type Options = { name: string; range: BlobRange | undefined; signal: AbortSignal | undefined; clock: Clock }

/**
 * The bytes of a blob, or of a range. A line that breaks on the way is mended: the rest is asked for, of the same blob and no other.
 * Attempts are counted anew whenever something came.
 */
export async function* readFromS3(client: S3Client, { name, range, signal, clock }: Options): AsyncGenerator<Uint8Array> {
  if (range && range.end <= range.start) {
    if (!(await exists(client, name, signal))) throw notFound()
    return
  }
  let at = range?.start ?? 0
  let end = range?.end ?? Number.POSITIVE_INFINITY
  let etag: string | undefined
  let cameMs = clock.monotonicMs()
  for (let failures = 1; at < end; failures++) {
    const idle = openIdle(clock, signal)
    try {
      const opened = await openBody(client, name, { start: at, end, etag, signal: idle.signal })
      if (!opened) return
      end = opened.end
      etag ??= opened.etag
      for await (const chunk of opened.body) {
        failures = 1
        at += chunk.byteLength
        // The time that the reader takes is not the line's.
        idle.rest()
        yield chunk
        cameMs = clock.monotonicMs()
        idle.listen()
      }
      if (at < end) throw cutShort(name)
    } catch (error) {
      signal?.throwIfAborted()
      if (statusOf(error) === 404) throw notFound(error)
      if (etag !== undefined && statusOf(error) === 412)
        throw new Error(`The blob ${name} was replaced while it was read.`, { cause: error })
      const isLine = idle.signal.aborted || mayPass(error) || (error instanceof Error && error.message === cutShort(name).message)
      if (!isLine) throw error
      if (failures >= attempts || clock.monotonicMs() - cameMs > patienceMs) throw unreachable(error)
      await clock.wait(backoffMs(failures, retry), signal)
    } finally {
      idle.rest()
    }
  }
}

async function exists(client: S3Client, name: string, signal: AbortSignal | undefined): Promise<boolean> {
  return (await client.ask((s3) => s3.objectExists(name), { signal })).value === true
}

type Body = { body: AsyncIterable<Uint8Array>; end: number; etag: string | undefined }

/** Undefined where the range begins at or past the end. */
async function openBody(
  client: S3Client,
  name: string,
  from: { start: number; end: number; etag: string | undefined; signal: AbortSignal },
): Promise<Body | undefined> {
  const isWhole = from.start === 0 && from.end === Number.POSITIVE_INFINITY
  const condition = from.etag === undefined ? {} : { 'if-match': from.etag }
  const last = from.end === Number.POSITIVE_INFINITY ? undefined : from.end
  try {
    const { value } = await client.ask((s3) => s3.getObjectRaw(name, isWhole, from.start, last, condition), {
      signal: from.signal,
      extraMs: 'unbounded',
    })
    const length = value.headers.get('content-length')
    if (length === null || (!isWhole && value.status !== 206))
      throw new Error(`S3 answered ${value.status} without what was asked of ${name}.`)
    return { body: value.body ?? empty(), end: from.start + Number(length), etag: value.headers.get('etag') ?? undefined }
  } catch (error) {
    if (statusOf(error) === 416) return undefined
    throw error
  }
}

async function* empty(): AsyncGenerator<Uint8Array> {}

/** A signal that is aborted when nothing is heard for a while, or with the one given. */
function openIdle(clock: Clock, signal: AbortSignal | undefined) {
  const silence = new AbortController()
  const giveUp = () => silence.abort(new DOMException('S3 fell silent.', 'TimeoutError'))
  let timer = clock.after(idleMs, giveUp)
  return {
    signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
    rest: () => timer.cancel(),
    listen() {
      timer.cancel()
      timer = clock.after(idleMs, giveUp)
    },
  }
}
