/** Between the API, which meets the end of a session, and the page, which asks for a new one. */
export class Renewal {
  #asked: { resolve(isRenewed: boolean): void } | undefined
  #left: Promise<boolean> = Promise.resolve(false)
  readonly #watchers = new Set<() => void>()
  /** Only who was signed in is asked to sign in again. */
  #isWorthAsking: () => boolean = () => false

  constructor(isWorthAsking: () => boolean) {
    this.#isWorthAsking = isWorthAsking
  }

  get isAsked(): boolean {
    return this.#asked !== undefined
  }

  watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed)
    return () => this.#watchers.delete(changed)
  }

  /** `true` once somebody has signed in, `false` if they would rather not. */
  ask(): Promise<boolean> {
    if (!this.#isWorthAsking()) return Promise.resolve(false)
    return new Promise((resolve) => {
      this.#asked = { resolve }
      this.#tell()
    })
  }

  leaving(act: Promise<unknown>): void {
    this.#left = act.then(
      () => true,
      () => false,
    )
  }

  /** Whether the session was ended by this page itself; waits for an act that is on its way. Then the next page is on its way, too. */
  hasLeft(): Promise<boolean> {
    return this.#left
  }

  answer(isRenewed: boolean): void {
    const asked = this.#asked
    this.#asked = undefined
    this.#tell()
    asked?.resolve(isRenewed)
  }

  #tell(): void {
    for (const changed of this.#watchers) changed()
  }
}
