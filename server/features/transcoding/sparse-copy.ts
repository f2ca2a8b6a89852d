import { type FileHandle, open, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { addRange, type ByteRange, type ByteRanges, countBytes, missingRanges, noBytes } from '#server/lib/byte-ranges.ts'
import { openRoom } from '#server/media/plan/make-plan.ts'
import { readStretches } from '#server/media/source/read-stretches.ts'
import type { Stretches } from '#server/media/source/stretches.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import { demandSpace } from './demands.ts'

type From = { blobs: Blobs; name: string; size: number }

/** Looking at the index costs one request for so much. */
const lookBytes = 2 ** 17

/** A distant film on this machine: as long as it is, with holes, into which is put what is read of it. */
export class SparseCopy {
  readonly path: string
  readonly #from: From
  readonly #room: AsyncDisposable & { folder: string }
  readonly #file: FileHandle
  #held: ByteRanges = noBytes
  #turn: Promise<unknown> = Promise.resolve()
  #stretches: Stretches | undefined

  private constructor(from: From, room: AsyncDisposable & { folder: string }, file: FileHandle) {
    this.#from = from
    this.#room = room
    this.#file = file
    this.path = join(room.folder, 'original')
  }

  /** With all that is needed to open it; whole, where one can not say what that is. */
  static async open(from: From, signal: AbortSignal): Promise<SparseCopy> {
    await using opened = new AsyncDisposableStack()
    const room = opened.use(await openRoom())
    const file = opened.use(await open(join(room.folder, 'original'), 'wx+'))
    await file.truncate(from.size)
    const copy = new SparseCopy(from, room, file)
    copy.#stretches = await readStretches((start, length) => copy.#look(start, length, signal), from.size)
    await copy.place(copy.#stretches?.opening ?? [{ start: 0, end: from.size }], signal)
    opened.move()
    return copy
  }

  /** What is read to show the film from one moment to another. */
  async reach(fromS: number, toS: number, signal: AbortSignal): Promise<void> {
    await this.place(this.#stretches?.between(fromS, toS) ?? [], signal)
  }

  whole = (signal: AbortSignal): Promise<void> => this.place([{ start: 0, end: this.#from.size }], signal)

  /** One after the other: what two want is brought once. */
  async place(ranges: ByteRanges, signal: AbortSignal): Promise<void> {
    const bring = async () => {
      const missing = ranges.flatMap((range) => missingRanges(this.#held, range))
      if (missing.length === 0) return
      await demandSpace(this.#from.blobs, countBytes(missing))
      for (const range of missing) await this.#bring(range, signal)
    }
    const turn = this.#turn.then(bring, bring)
    this.#turn = turn
    await turn
  }

  async #bring(range: ByteRange, signal: AbortSignal): Promise<void> {
    const { blobs, name } = this.#from
    let at = range.start
    for await (const chunk of blobs.read(name, { range, signal })) {
      await this.#file.write(chunk, 0, chunk.length, at)
      this.#held = addRange(this.#held, { start: at, end: at + chunk.length })
      at += chunk.length
    }
    // Rooms in which nothing happens for long are swept.
    await utimes(this.#room.folder, new Date(), new Date())
  }

  async #look(start: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    const end = Math.min(this.#from.size, start + length)
    if (start >= end) return new Uint8Array()
    const around = { start: start - (start % lookBytes), end: Math.min(this.#from.size, Math.ceil(end / lookBytes) * lookBytes) }
    await this.place([around], signal)
    const bytes = new Uint8Array(end - start)
    await this.#file.read(bytes, 0, bytes.length, start)
    return bytes
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turn.catch(() => {})
    await this.#file.close()
    await this.#room[Symbol.asyncDispose]()
  }
}
