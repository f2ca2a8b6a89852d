import { createHash } from 'node:crypto'
import { abortable } from '#server/lib/abortable.ts'
import type { WriteOptions } from '#server/ports/blobs.ts'
import { otherContent, otherSize } from './errors.ts'
import type { S3Parts } from './s3-parts.ts'

/** What is smaller goes in one piece; what is bigger in parts of this, of which so many are on their way at once. Both bound the memory of a write. */
const partBytes = 8 << 20
const partsAtOnce = 2
/** S3 takes 10,000 parts. A source of unknown length gets bigger ones as it goes on, and ends below the 5 TB of S3. */
const growEvery = 1500

/** Gathers a source into parts, hashing on the way. Nothing appears under the name before all has been checked. */
export async function writeToS3(
  parts: S3Parts,
  name: string,
  source: AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<{ size: number; sha256: string }> {
  const { expect = {}, contentType, signal } = options
  const hash = createHash('sha256')
  const sending = new PartSender(parts, name, options)
  let size = 0
  let gathered: Uint8Array[] = []
  let gatheredBytes = 0
  const take = () => {
    const bytes = Buffer.concat(gathered, gatheredBytes)
    gathered = []
    gatheredBytes = 0
    return bytes
  }

  try {
    for await (const chunk of abortable(source, signal)) {
      size += chunk.byteLength
      if (expect.size !== undefined && size > expect.size) throw otherSize(expect.size, size)
      hash.update(chunk)
      gathered.push(chunk)
      gatheredBytes += chunk.byteLength
      if (gatheredBytes >= sending.partBytes) await sending.send(take())
    }
    if (expect.size !== undefined && size !== expect.size) throw otherSize(expect.size, size)
    const sha256 = hash.digest('hex')
    if (expect.sha256 !== undefined && sha256 !== expect.sha256.toLowerCase()) throw otherContent()
    if (!sending.hasBegun) await parts.putWhole(name, take(), { contentType, signal })
    else {
      if (gatheredBytes > 0) await sending.send(take())
      await sending.complete()
    }
    return { size, sha256 }
  } catch (error) {
    await sending.abort()
    throw error
  }
}

class PartSender {
  readonly #parts: S3Parts
  readonly #name: string
  readonly #options: WriteOptions
  readonly #sent: Promise<{ part: number; etag: string }>[] = []
  readonly #underWay = new Set<Promise<unknown>>()
  #upload: string | undefined
  #partBytes: number

  constructor(parts: S3Parts, name: string, options: WriteOptions) {
    this.#parts = parts
    this.#name = name
    this.#options = options
    this.#partBytes = Math.max(partBytes, Math.ceil((options.expect?.size ?? 0) / 9000))
  }

  get partBytes(): number {
    return this.#partBytes
  }

  get hasBegun(): boolean {
    return this.#upload !== undefined
  }

  /** Resolves when there is room for the next. */
  async send(bytes: Uint8Array): Promise<void> {
    const { contentType, signal } = this.#options
    this.#upload ??= await this.#parts.open(this.#name, contentType)
    const part = this.#sent.length + 1
    const sending = this.#parts.put({ name: this.#name, upload: this.#upload, part }, bytes, signal).then(({ etag }) => ({ part, etag }))
    this.#sent.push(sending)
    const settled: Promise<unknown> = sending.catch(() => {}).finally(() => this.#underWay.delete(settled))
    this.#underWay.add(settled)
    if (part % growEvery === 0) this.#partBytes *= 2
    if (this.#underWay.size < partsAtOnce) return
    await Promise.race(this.#underWay)
    // A part that could not be sent ends the write now, not after the last byte.
    await this.#failEarly()
  }

  async complete(): Promise<void> {
    if (this.#upload !== undefined) await this.#parts.complete(this.#name, this.#upload, await Promise.all(this.#sent))
  }

  async abort(): Promise<void> {
    await Promise.all(this.#underWay)
    if (this.#upload !== undefined) this.#parts.abortSoon(this.#name, this.#upload)
  }

  async #failEarly(): Promise<void> {
    const pending = Symbol()
    for (const sending of this.#sent.slice(-partsAtOnce - 1)) await Promise.race([sending, Promise.resolve(pending)])
  }
}
