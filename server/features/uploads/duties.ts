/** What is done that no request waits for. It ends with the house: nothing of it touches rows or files afterwards. */
export class Duties {
  readonly #underWay = new Set<Promise<void>>()
  readonly #closing = new AbortController()

  /** Who waits for others listens to it. */
  get signal(): AbortSignal {
    return this.#closing.signal
  }

  /** Undefined: the house closes, and the next one will find in the rows what is owed. */
  begin(work: () => Promise<void>, failed: (error: unknown) => void): Promise<void> | undefined {
    if (this.signal.aborted) return undefined
    const done: Promise<void> = work()
      .catch((error: unknown) => {
        if (!this.signal.aborted) failed(error)
      })
      .finally(() => this.#underWay.delete(done))
    this.#underWay.add(done)
    return done
  }

  stop(): void {
    this.#closing.abort()
  }

  async ended(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
  }
}
