import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseByteCount } from './block-range.ts'
import { FormError, type FormEvent, FormReader, parseBoundary } from './multipart.ts'
import { refuse } from './refusal.ts'
import type { Block } from './take-block.ts'

type Fields = Map<string, string>
const mostFieldBytes = 4096
const mostFields = 64

/**
 * A block as a form brings it. Where the fields stand before the file, its bytes go to their place as they come; where they follow, the bytes wait
 * aside until it is known where they belong.
 */
export async function readBlock<T>(request: IncomingMessage, limitBytes: number, take: (block: Block) => Promise<T>): Promise<T> {
  const boundary = parseBoundary(request.headers['content-type'])
  if (boundary === undefined) refuse('request', 'The block must come as multipart/form-data.', 400)
  const form = new Form(request, boundary, limitBytes)
  try {
    const abort = () => void request.destroy()
    if (!(await form.toFile())) refuse('request', form.whyNoFile())
    if (isComplete(form.fields)) {
      const taken = await take({ ...toPlace(form.fields), bytes: form.bytes(), abort })
      await form.toEnd()
      return taken
    }
    return await takeAside(form, (bytes) => take({ ...toPlace(form.fields), bytes, abort }))
  } catch (error) {
    if (error instanceof FormError) refuse('request', error.message, 400)
    throw error
  } finally {
    await form.close()
  }
}

const isComplete = (fields: Fields) => ['startByte', 'endByte', 'partMd5'].every((name) => fields.has(name))

function toPlace(fields: Fields): Pick<Block, 'startByte' | 'endByte' | 'partMd5'> {
  const startByte = parseByteCount(fields.get('startByte')?.trim()) ?? refuse('request', 'startByte must be a whole number of bytes.')
  const endByte = parseByteCount(fields.get('endByte')?.trim()) ?? refuse('request', 'endByte must be a whole number of bytes.')
  const partMd5 = fields.get('partMd5')?.trim().toLowerCase() ?? ''
  if (!/^[0-9a-f]{32}$/.test(partMd5)) refuse('request', 'partMd5 must be the MD5 of this block: 32 hex digits.')
  return { startByte, endByte, partMd5 }
}

async function takeAside<T>(form: Form, take: (bytes: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
  const path = join(tmpdir(), `matinee-block-${randomUUID()}`)
  try {
    await using file = await open(path, 'wx', 0o600)
    for await (const bytes of form.bytes()) await file.writeFile(bytes)
    await form.toEnd()
    return await take(createReadStream(path) as AsyncIterable<Uint8Array>)
  } finally {
    await rm(path, { force: true })
  }
}

/** The parts of a form one after the other, pulled as fast as they are wanted. */
class Form {
  readonly fields: Fields = new Map()
  readonly #limitBytes: number
  readonly #events: AsyncGenerator<FormEvent>
  #hasTextFile = false

  constructor(request: IncomingMessage, boundary: string, limitBytes: number) {
    this.#limitBytes = limitBytes
    this.#events = eventsOf(request, new FormReader(boundary))
  }

  /** Reads fields until the file begins: false where there is none. */
  async toFile(): Promise<boolean> {
    for (let event = await this.#next(); event; event = await this.#next()) {
      if (event.kind !== 'part') continue
      if (event.name === 'file' && event.fileName !== undefined) return true
      await this.#field(event.name)
    }
    return false
  }

  whyNoFile(): string {
    return this.#hasTextFile
      ? 'The field "file" came as text, not as a file. With curl write an @ before the path: -F "file=@/path/of/the/block".'
      : 'The form has no file: the bytes of the block belong into the field "file".'
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    let count = 0
    for (let event = await this.#next(); event?.kind === 'bytes'; event = await this.#next()) {
      count += event.bytes.length
      if (count > this.#limitBytes) refuse('size', `A block may have ${this.#limitBytes} bytes at most.`, 413)
      yield event.bytes
    }
  }

  /** What follows the file: fields, and never a second file. */
  async toEnd(): Promise<void> {
    if (await this.toFile()) refuse('request', 'The form has two files: send one block a request.')
  }

  /** Lets go of the request, whatever of it is unread. */
  close = (): Promise<unknown> => this.#events.return(undefined)

  async #field(name: string): Promise<void> {
    if (name === 'file') this.#hasTextFile = true
    if (this.fields.size >= mostFields) refuse('request', 'The form has too many fields.', 400)
    const parts: Buffer[] = []
    let count = 0
    for (let event = await this.#next(); event?.kind === 'bytes'; event = await this.#next()) {
      count += event.bytes.length
      // The forgotten @ brings a path, and whoever sends a whole block as text is told the same.
      if (count > mostFieldBytes && name !== 'file') refuse('request', `The field ${JSON.stringify(name.slice(0, 40))} is too long.`, 400)
      if (name !== 'file') parts.push(Buffer.from(event.bytes))
    }
    this.fields.set(name, Buffer.concat(parts).toString('utf8'))
  }

  async #next(): Promise<FormEvent | undefined> {
    const next = await this.#events.next()
    return next.done ? undefined : next.value
  }
}

async function* eventsOf(request: IncomingMessage, reader: FormReader): AsyncGenerator<FormEvent> {
  // Not destroyed where reading ends early: the refusal has to reach the client first.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) yield* reader.push(chunk as Buffer)
  if (!reader.isComplete)
    throw new FormError('The form was cut off before its last boundary, or its boundary is another than the header says.')
}
