import type { BlobInfo, Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { checkName, checkPrefix, mostListed } from './names.ts'
import { createS3Client, type S3Settings, statusOf } from './s3-client.ts'
import { createS3Parts } from './s3-parts.ts'
import { readFromS3 } from './s3-read.ts'
import { writeToS3 } from './s3-write.ts'

/** Less is refused by S3 in all parts but the last. */
const minPartBytes = 5 << 20
const longestSignedS = 7 * 86_400

export async function openS3Blobs(settings: S3Settings & { clock: Clock; log: Log }): Promise<Blobs> {
  const { clock, log } = settings
  const client = createS3Client(settings, clock)
  const parts = createS3Parts(client, { clock, log })

  return {
    write: async (name, source, options = {}) => writeToS3(parts, checkName(name), source, options),
    read: (name, { range, signal } = {}) => readFromS3(client, { name: checkName(name), range, signal, clock }),
    async find(name): Promise<BlobInfo | undefined> {
      const { value, headers } = await client.ask((s3) => s3.objectExists(checkName(name)))
      if (!value) return undefined
      return { name, size: Number(headers.get('content-length')), modifiedMs: Date.parse(headers.get('last-modified') ?? '') }
    },
    async list(prefix, { after, limit = mostListed } = {}) {
      const most = Math.min(limit, mostListed)
      const options = after ? { 'start-after': after } : {}
      const { value } = await client.ask((s3) => s3.listObjectsPaged('/', checkPrefix(prefix), most, undefined, options))
      if (!value?.objects) throw new Error(`There is no bucket ${settings.bucket}.`)
      const items = value.objects.map(({ Key, Size, LastModified }) => ({ name: Key, size: Size, modifiedMs: LastModified.getTime() }))
      return { items, next: items.length === most ? items.at(-1)?.name : undefined }
    },
    async delete(names) {
      const distinct = [...new Set(names.map(checkName))]
      for (let at = 0; at < distinct.length; at += mostListed) {
        const batch = distinct.slice(at, at + mostListed)
        const { value } = await client.ask((s3) => s3.deleteObjects(batch))
        const left = batch.filter((_, index) => value[index] === false)
        // What the batch did not confirm is asked for by itself, where each has its own answer.
        for (const name of left) await client.ask((s3) => s3.deleteObject(name)).catch(unlessNone)
      }
    },
    async freeBytes() {
      return undefined
    },
    local: undefined,
    remote: {
      minPartBytes,
      async signedUrl(name, { expiresInMs, contentType, fileName }) {
        const seconds = Math.max(1, Math.min(longestSignedS, Math.floor(expiresInMs / 1000)))
        const query = {
          ...(contentType === undefined ? {} : { 'response-content-type': contentType }),
          ...(fileName === undefined ? {} : { 'response-content-disposition': toDisposition(fileName) }),
        }
        return (await client.ask((s3) => s3.getPresignedUrl('GET', checkName(name), seconds, query))).value
      },
      openParts: async (name, { contentType } = {}) => parts.open(checkName(name), contentType),
      writePart: async (name, upload, part, bytes) => parts.put({ name: checkName(name), upload, part }, bytes),
      completeParts: async (name, upload, done) => parts.complete(checkName(name), upload, done),
      abortParts: async (name, upload) => parts.abort(checkName(name), upload),
      listUploads: (options) => parts.list(options),
    },
    close: () => parts.close(),
  }
}

/** RFC 6266: the name in UTF-8, and one in ASCII for whoever does not know that. */
export function toDisposition(fileName: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  const clean = fileName.replace(/[\u0000-\u001f\u007f]/g, '').toWellFormed()
  const ascii = clean.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const utf8 = encodeURIComponent(clean).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`
}

function unlessNone(error: unknown): undefined {
  if (statusOf(error) !== 404) throw error
}
