import { Payload } from './payload.ts'

/** `key`: only the newest with it counts. */
export type Entry = { text: string; key: string | undefined; except: string | undefined }

/** What was said on a topic within some milliseconds: one frame for all who are on it. */
export class Gathered {
  readonly entries: readonly Entry[]
  #all: Payload | undefined
  #lasting: Payload | null | undefined

  constructor(entries: readonly Entry[]) {
    this.entries = entries
  }

  get all(): Payload {
    this.#all ??= Payload.of(this.entries.map(({ text }) => text))
    return this.#all
  }

  /** Without what a slow line may miss. */
  get lasting(): Payload | undefined {
    if (this.#lasting === undefined) {
      const lasting = this.entries.filter(({ key }) => key === undefined)
      this.#lasting =
        lasting.length === 0 ? null : lasting.length === this.entries.length ? this.all : Payload.of(lasting.map(({ text }) => text))
    }
    return this.#lasting ?? undefined
  }

  get latest(): [key: string, text: string][] {
    return this.entries.flatMap(({ key, text }): [string, string][] => (key === undefined ? [] : [[key, text]]))
  }

  get hasExceptions(): boolean {
    return this.entries.some(({ except }) => except !== undefined)
  }

  /** For one who said some of it. */
  without(connectionId: string): Gathered | undefined {
    const entries = this.entries.filter(({ except }) => except !== connectionId)
    if (entries.length === this.entries.length) return this
    return entries.length === 0 ? undefined : new Gathered(entries)
  }
}
