import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { FormError, type FormEvent, FormReader } from './multipart.ts'
import { refuse } from './refusal.ts'
import { taskOfAside } from './places.ts'
import { giveBack } from './spent.ts'

export type Fields = Map<string, string>
const mostFieldBytes = 4096
const mostFields = 64
const setAside = 'form-'
const forgottenMs = 86_400_000

/** Where bytes wait whose place is not known yet. Gone when it is let go of. */
export async function putAside(
  folder: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ path: string; size: number } & AsyncDisposable> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${setAside}${randomUUID()}`)
  const file = { path, [Symbol.asyncDispose]: () => rm(path, { force: true }) }
  try {
    await using written = await open(path, 'wx', 0o600)
    let size = 0
    // Each chunk is written before the next one is asked for: then its memory is gone.
    for await (const chunk of bytes) {
      for (let at = 0; at < chunk.length; ) at += (await written.write(chunk, at)).bytesWritten
      size += chunk.length
    }
    return { ...file, size }
  } catch (error) {
    await file[Symbol.asyncDispose]()
    throw error
  }
}

/** What a process that was killed has left there: what waited for its place, and what no task needs any more. */
export async function dropForgotten(
  folder: string,
  { nowMs, isNeeded }: { nowMs: number; isNeeded(taskId: number): Promise<boolean> },
): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const taskId = taskOfAside(name)
    if (!name.startsWith(setAside) && (taskId === undefined || (await isNeeded(taskId)))) continue
    const path = join(folder, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: nowMs }))
    if (nowMs - mtimeMs > forgottenMs) await rm(path, { force: true })
  }
}

/** The parts of a form one after the other, pulled as fast as they are wanted. */
export class Form {
  readonly fields: Fields = new Map()
  readonly #limitBytes: number
  readonly #tooLarge: () => never
  readonly #events: AsyncGenerator<FormEvent>
  #hasTextFile = false
  #fileName = ''

  constructor(request: IncomingMessage, boundary: string, limit: { bytes: number; refuse(): never }) {
    this.#limitBytes = limit.bytes
    this.#tooLarge = limit.refuse
    this.#events = this.#read(request, new FormReader(boundary))
  }

  /** Reads fields until the file begins: false where there is none. */
  async toFile(): Promise<boolean> {
    for (let event = await this.#next(); event; event = await this.#next()) {
      if (event.kind !== 'part') continue
      if (event.name === 'file' && event.fileName !== undefined) {
        this.#fileName = event.fileName
        return true
      }
      await this.#field(event.name)
    }
    return false
  }

  get fileName(): string {
    return this.#fileName
  }

  whyNoFile(): string {
    return this.#hasTextFile
      ? 'The field "file" came as text, not as a file. With curl write an @ before the path: -F "file=@/path/of/the/block".'
      : 'The form has no file: the bytes of the block belong into the field "file".'
  }

  /** The memory of a chunk is gone when the next one is asked for. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    let count = 0
    for (let event = await this.#next(); event?.kind === 'bytes'; event = await this.#next()) {
      count += event.bytes.length
      if (count > this.#limitBytes) this.#tooLarge()
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
      if (count > this.#limitBytes) this.#tooLarge()
      if (count > mostFieldBytes && name !== 'file') refuse('request', `The field ${JSON.stringify(name.slice(0, 40))} is too long.`, 400)
      if (name !== 'file') parts.push(Buffer.from(event.bytes))
    }
    this.fields.set(name, Buffer.concat(parts).toString('utf8'))
  }

  async #next(): Promise<FormEvent | undefined> {
    const next = await this.#events.next()
    return next.done ? undefined : next.value
  }

  async *#read(request: IncomingMessage, reader: FormReader): AsyncGenerator<FormEvent> {
    // Not destroyed where reading ends early: the refusal has to reach the client first.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      yield* reader.push(chunk as Buffer)
      // Of fields nothing is kept but copies.
      giveBack(chunk as Buffer)
    }
    if (!reader.isComplete)
      throw new FormError('The form was cut off before its last boundary, or its boundary is another than the header says.')
  }
}
