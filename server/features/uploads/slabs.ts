/** Whoever has bytes in a slab that is not full, and can hand it on as it is. */
export type Holder = { flush(): void }
export type Slab = { readonly index: number; readonly bytes: Uint8Array }

export const slabBytes = 2 ** 20
const count = 24
const pageBytes = 65_536

/**
 * All the memory that arriving bytes may take, however many bring them. It is shared with the threads that write and hash, so that no byte is copied to
 * reach them, and begins at a page, so that the disk can take bytes from where they lie.
 */
export class Slabs {
  readonly memory = new WebAssembly.Memory({
    initial: (count * slabBytes) / pageBytes,
    maximum: (count * slabBytes) / pageBytes,
    shared: true,
  })
  readonly #free: Slab[] = Array.from({ length: count }, (_, index) => ({
    index,
    bytes: new Uint8Array(this.memory.buffer, index * slabBytes, slabBytes),
  }))
  readonly #waiting: ((slab: Slab) => void)[] = []
  /** Those who hold a slab that is not full, the longest waiting first. */
  readonly #holders = new Set<Holder>()
  /** So many are with the threads, and come back by themselves. */
  #handedOn = 0

  take(): Slab | Promise<Slab> {
    const slab = this.#free.pop()
    if (slab) return slab
    const waiting = new Promise<Slab>((resolve) => this.#waiting.push(resolve))
    this.#relieve()
    return waiting
  }

  give(slab: Slab): void {
    this.#handedOn--
    const next = this.#waiting.shift()
    if (next) next(slab)
    else this.#free.push(slab)
    this.#relieve()
  }

  holds(holder: Holder): void {
    this.#holders.add(holder)
    this.#relieve()
  }

  /** Its slab goes on to the threads, full or not. */
  handsOn(holder: Holder): void {
    this.#holders.delete(holder)
    this.#handedOn++
  }

  /**
   * Where somebody waits and most slabs are held by those whose lines are slow, whoever has held one the longest hands on what there is of his. Otherwise
   * full ones come back soon, and small pieces would cost the threads as much as large ones.
   */
  #relieve(): void {
    if (this.#waiting.length === 0 || this.#handedOn >= count / 2) return
    const [longest] = this.#holders
    longest?.flush()
  }
}
