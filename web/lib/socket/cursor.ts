/** Where this tab stands in its person's log: everything up to `seq` has been shown. */
export class Cursor {
  #epoch: number | undefined
  #seq = 0

  /** As it is said when a line is opened. */
  get since(): string | undefined {
    return this.#epoch === undefined ? undefined : `${this.#epoch}:${this.#seq}`
  }

  get place(): { epoch: number; seq: number } | undefined {
    return this.#epoch === undefined ? undefined : { epoch: this.#epoch, seq: this.#seq }
  }

  moveTo(epoch: number, seq: number): void {
    this.#epoch = epoch
    this.#seq = seq
  }

  /** `next`: to be shown now; `known`: has been shown; `hole`: something before it is missing. */
  judge(n: number): 'next' | 'known' | 'hole' {
    if (n <= this.#seq) return 'known'
    return n === this.#seq + 1 ? 'next' : 'hole'
  }

  advance(): void {
    this.#seq++
  }
}
