/** Between the API, which meets the end of a session, and the page, which asks for a new one. */
export class Renewal {
  #asked: { resolve(isRenewed: boolean): void } | undefined
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
