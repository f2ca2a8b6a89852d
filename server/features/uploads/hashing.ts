import { availableParallelism } from 'node:os'
import type { HashResult, HashWork } from './hash.thread.ts'
import type { Slab, Slabs } from './slabs.ts'
import { slabBytes } from './slabs.ts'
import { Thread } from './thread.ts'

export type Whole = { key: string; hasMd5: boolean }

/** Digests of whole files, off the event loop: of bytes that come in their order while they come, and of what had to wait when it is asked for. */
export class Hashing {
  readonly #threads: Thread<HashWork, HashResult>[]
  /** How far each whole is hashed, with what is on its way. */
  readonly #at = new Map<string, number>()

  constructor(slabs: Pick<Slabs, 'memory'>) {
    const data = { memory: slabs.memory.buffer }
    const open = () => new Thread<HashWork, HashResult>(new URL('./hash.thread.ts', import.meta.url), data)
    this.#threads = Array.from({ length: Math.max(1, Math.floor(availableParallelism() / 2)) }, open)
  }

  #threadOf(key: string): Thread<HashWork, HashResult> {
    const thread = this.#threads[Number(key) % this.#threads.length]
    if (!thread) throw new Error('no thread hashes')
    return thread
  }

  /** Undefined where bytes before these are not hashed yet. Resolves when the slab is no longer needed. */
  piece(
    { key, hasMd5 }: Whole,
    { block, at, slab, from, length }: { block: number; at: number; slab: Slab; from: number; length: number },
  ) {
    if ((this.#at.get(key) ?? 0) !== at) return undefined
    this.#at.set(key, at + length)
    return this.#threadOf(key).ask({ kind: 'piece', key, hasMd5, block, at, from: slab.index * slabBytes + from, length })
  }

  /** The block that begins there did not become one. */
  async wrong({ key }: Whole, block: number): Promise<void> {
    if ((this.#at.get(key) ?? 0) <= block) return
    this.#at.set(key, block)
    await this.#threadOf(key).ask({ kind: 'wrong', key, block })
  }

  /** The digests of the first bytes; empty where bytes beyond are on their way. What is held after them is read now, so that the last asking has little to do. */
  async first({ key, hasMd5 }: Whole, path: string, end: number): Promise<HashResult> {
    this.#at.set(key, Math.max(this.#at.get(key) ?? 0, end))
    const result = await this.#threadOf(key).ask({ kind: 'first', key, path, end, hasMd5 })
    return result ?? { md5: '', sha256: '' }
  }

  async forget(key: string): Promise<void> {
    this.#at.delete(key)
    await this.#threadOf(key).ask({ kind: 'forget', key })
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }
}
