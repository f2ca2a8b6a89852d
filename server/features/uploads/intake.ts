import { availableParallelism } from 'node:os'
import { type ByteRanges, missingRanges } from '#server/lib/byte-ranges.ts'
import type { DiskResult, DiskWork } from './disk.thread.ts'
import type { Hashing, Whole } from './hashing.ts'
import { type Slab, type Slabs, slabBytes } from './slabs.ts'
import { Thread } from './thread.ts'

type Disk = Thread<DiskWork, DiskResult>
const sector = 4096

export type IncomingParts = {
  /** Undefined: nobody has the bytes any more, which are only hashed. */
  path: string | undefined
  start: number
  /** What the file holds already: compared, never written. */
  held: ByteRanges
  /** Of the block's own bytes. */
  algorithm: string | undefined
  isWritten: boolean
  whole: Whole | undefined
}

/** The way of bytes from the network to the disk: copied once, into memory that the threads share, which write, compare and hash. */
export class Intake {
  readonly slabs: Slabs
  readonly hashing: Hashing
  readonly #disks: Disk[]
  #last = 0

  constructor(slabs: Slabs, hashing: Hashing) {
    this.slabs = slabs
    this.hashing = hashing
    const data = { memory: slabs.memory.buffer }
    const open = () => new Thread<DiskWork, DiskResult>(new URL('./disk.thread.ts', import.meta.url), data)
    this.#disks = Array.from({ length: Math.max(1, Math.floor(availableParallelism() / 2)) }, open)
  }

  begin(parts: IncomingParts): Incoming {
    const disk = this.#disks.reduce((least, other) => (other.load < least.load ? other : least))
    return new Incoming({ ...parts, disk, block: ++this.#last, slabs: this.slabs, hashing: this.hashing })
  }

  async close(): Promise<void> {
    await Promise.all(this.#disks.map((disk) => disk.close()))
  }
}

/** One block. Ends by `end` or by `drop`, whatever happens. */
export class Incoming {
  readonly #parts: IncomingParts & { disk: Disk; block: number; slabs: Slabs; hashing: Hashing }
  readonly #underWay = new Set<Promise<unknown>>()
  #held: ByteRanges
  #at: number
  #slab: Slab | undefined
  /** Of the slab, what is not handed on yet. */
  #from = 0
  #to = 0
  #failed: Error | undefined

  constructor(parts: IncomingParts & { disk: Disk; block: number; slabs: Slabs; hashing: Hashing }) {
    this.#parts = parts
    this.#held = parts.held
    this.#at = parts.start
    const { disk, block, path, algorithm, isWritten } = parts
    void this.#track(disk.ask({ kind: 'begin', block, path, algorithm, isWritten }))
  }

  /** What has been held meanwhile. */
  holds(held: ByteRanges): void {
    this.#held = held
  }

  async write(chunk: Uint8Array): Promise<void> {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    for (let done = 0; done < bytes.length; ) {
      this.#slab ??= await this.#takeSlab()
      const count = Math.min(bytes.length - done, slabBytes - this.#to)
      // Not by `set`: into shared memory that goes a word at a time, and takes three times as long.
      bytes.copy(this.#slab.bytes, this.#to, done, done + count)
      this.#to += count
      done += count
      if (this.#to === slabBytes) this.flush()
    }
    if (this.#slab) this.#parts.slabs.holds(this)
    if (this.#failed !== undefined) throw this.#failed
  }

  async #takeSlab(): Promise<Slab> {
    const slab = await this.#parts.slabs.take()
    // Bytes lie in memory as they will on the disk.
    this.#from = this.#at % sector
    this.#to = this.#from
    return slab
  }

  /** Hands on what there is. */
  flush(): void {
    const slab = this.#slab
    const { disk, block, slabs, hashing, whole, start } = this.#parts
    if (!slab) return
    slabs.handsOn(this)
    this.#slab = undefined
    const [from, length, at] = [this.#from, this.#to - this.#from, this.#at]
    this.#at += length
    const missing = missingRanges(this.#held, { start: at, end: at + length }).map((range) => [range.start, range.end] as const)
    const written = disk.ask({ kind: 'piece', block, from: slab.index * slabBytes + from, length, at, missing })
    const hashed = whole && hashing.piece(whole, { block: start, at, slab, from, length })
    void this.#track(Promise.allSettled([written, hashed]).finally(() => slabs.give(slab)))
    void this.#track(written)
  }

  #track(work: Promise<unknown>): Promise<void> {
    const tracked = work
      .then(
        () => {},
        (error: unknown) => {
          this.#failed ??= error instanceof Error ? error : new Error(String(error))
        },
      )
      .finally(() => this.#underWay.delete(tracked))
    this.#underWay.add(tracked)
    return tracked
  }

  /** Everything is written; not yet durable. */
  async end(): Promise<DiskResult> {
    this.flush()
    const done = await this.#parts.disk.ask({ kind: 'end', block: this.#parts.block })
    await Promise.all(this.#underWay)
    if (this.#failed !== undefined) throw this.#failed
    if (!done) throw new Error('a block ended without a word')
    return done
  }

  /** It ended, and was none. */
  async forget(): Promise<void> {
    const { hashing, whole, start } = this.#parts
    if (whole) await hashing.wrong(whole, start)
  }

  /** It is no block: what was written of it counts for nothing. Resolves when nothing of it is written any more. */
  async drop(): Promise<void> {
    const { disk, block } = this.#parts
    this.flush()
    await disk.ask({ kind: 'end', block }).catch(() => {})
    await Promise.all(this.#underWay)
    await this.forget()
  }
}
