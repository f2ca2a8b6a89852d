import { createHash } from 'node:crypto'
import type { S3mini } from 's3mini'
import type { RemoteBlobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { codeOf } from './errors.ts'
import { type S3Client, statusOf } from './s3-client.ts'

const octets = 'application/octet-stream'
/** A line slower than this is given up: so long may a part take. */
const slowestBytesPerMs = 64
/** Stores copy while they join. */
const joiningMs = 60_000
const abortAgainMs = 60_000
const sliceBytes = 1 << 20

type PartName = { name: string; upload: string; part: number }
type DonePart = { part: number; etag: string }

/** Pieces and wholes on their way to S3, each with its MD5, which the server checks before it answers. */
export type S3Parts = {
  putWhole(name: string, bytes: Uint8Array, options: { contentType: string | undefined; signal: AbortSignal | undefined }): Promise<void>
  open(name: string, contentType: string | undefined): Promise<string>
  put(part: PartName, bytes: Uint8Array, signal?: AbortSignal): Promise<{ etag: string }>
  complete(name: string, upload: string, parts: readonly DonePart[]): Promise<void>
  abort(name: string, upload: string): Promise<void>
  /** Never rejects and keeps trying, so that a store that was away keeps no orphans. */
  abortSoon(name: string, upload: string): void
  list: RemoteBlobs['listUploads']
  close(): Promise<void>
}

export function createS3Parts(client: S3Client, parts: { clock: Clock; log: Log }): S3Parts {
  const { clock, log } = parts
  const toAbort = new Map<string, { name: string; upload: string }>()
  const closing = new AbortController()
  let aborting: Promise<void> | undefined

  const abort = async (name: string, upload: string) => {
    await client.ask((s3) => s3.abortMultipartUpload(name, upload)).catch(unlessGone)
  }

  const abortAll = async () => {
    while (toAbort.size > 0) {
      for (const [key, { name, upload }] of [...toAbort]) {
        await abort(name, upload).then(
          () => toAbort.delete(key),
          (error) => log.warn('blobs.upload_not_aborted', { name, error }),
        )
      }
      if (toAbort.size === 0 || closing.signal.aborted) return
      await clock.wait(abortAgainMs, closing.signal).catch(() => {})
    }
  }

  return {
    abort,
    async putWhole(name, bytes, { contentType = octets, signal }) {
      const headers = await md5Of(bytes)
      await client.ask((s3) => s3.putObject(name, bytes, contentType, undefined, headers), { signal, extraMs: timeFor(bytes) })
    },
    async open(name, contentType = octets) {
      return (await client.ask((s3) => s3.getMultipartUploadId(name, contentType))).value
    },
    async put({ name, upload, part }, bytes, signal) {
      const headers = await md5Of(bytes)
      const send = (s3: S3mini) => s3.uploadPart(name, upload, bytes, part, {}, undefined, headers)
      const { value } = await client.ask(send, { signal, extraMs: timeFor(bytes) })
      return { etag: value.etag }
    },
    async complete(name, upload, done) {
      const inOrder = [...done].sort((a, b) => a.part - b.part)
      const join = async (s3: S3mini) => {
        const result = await s3.completeMultipartUpload(
          name,
          upload,
          inOrder.map(({ part, etag }) => ({ partNumber: part, etag })),
        )
        // A store that fails late has said 200 by then, and says the rest in the body; the library takes that for success.
        if (typeof result.etag !== 'string') throw new Error(`S3 did not join the parts of ${name}: ${JSON.stringify(result)}`)
      }
      try {
        await client.ask(join, { extraMs: joiningMs })
      } catch (error) {
        if (!(await isJoined(client, name, inOrder))) throw error
      }
    },
    abortSoon(name, upload) {
      toAbort.set(`${name}\n${upload}`, { name, upload })
      aborting ??= abortAll().finally(() => {
        aborting = undefined
      })
    },
    list: (options) => listUploads(client, options.startedBeforeMs),
    async close() {
      closing.abort()
      await aborting
    },
  }
}

/** The answer to a joining may have been lost, and the upload is gone then: whether it is done shows in the tag of the whole. */
async function isJoined(client: S3Client, name: string, parts: readonly DonePart[]): Promise<boolean> {
  const hash = createHash('md5')
  for (const { etag } of parts) hash.update(Buffer.from(etag.replaceAll('"', ''), 'hex'))
  const { value } = await client.ask((s3) => s3.getEtag(name))
  return value?.replaceAll('"', '') === `${hash.digest('hex')}-${parts.length}`
}

async function* listUploads(client: S3Client, startedBeforeMs: number): ReturnType<RemoteBlobs['listUploads']> {
  for (let markers: Record<string, string> | undefined = {}; markers; ) {
    const query = markers
    const { value } = await client.ask((s3) => s3.listMultipartUploads('/', '', 'GET', query))
    const page = toRecord(toRecord(value).ListMultipartUploadsResult ?? value)
    for (const entry of toList(page.Upload)) {
      const { Key, UploadId, Initiated } = toRecord(entry)
      const startedMs = Date.parse(String(Initiated))
      if (startedMs < startedBeforeMs) yield { name: String(Key), upload: String(UploadId), startedMs }
    }
    const isMore = page.IsTruncated === 'true' && typeof page.NextKeyMarker === 'string'
    markers = isMore
      ? {
          'key-marker': String(page.NextKeyMarker),
          'upload-id-marker': typeof page.NextUploadIdMarker === 'string' ? page.NextUploadIdMarker : '',
        }
      : undefined
  }
}

const toRecord = (value: unknown) => (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
const toList = (value: unknown) => (value === undefined || value === '' ? [] : Array.isArray(value) ? (value as unknown[]) : [value])

/** In slices, so that a big part does not halt everybody else. The library's type names headers of Amazon's only; it signs and sends others as well. */
async function md5Of(bytes: Uint8Array): Promise<Record<`x-amz-${string}`, string>> {
  const hash = createHash('md5')
  for (let at = 0; at < bytes.byteLength; at += sliceBytes) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve))
    hash.update(bytes.subarray(at, at + sliceBytes))
  }
  return { 'content-md5': hash.digest('base64') } as Record<string, string>
}

const timeFor = (bytes: Uint8Array) => bytes.byteLength / slowestBytesPerMs

function unlessGone(error: unknown): undefined {
  if (statusOf(error) !== 404 && codeOf(error) !== 'NoSuchUpload') throw error
}
