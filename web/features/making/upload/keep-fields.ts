import { backoffMs, waitFor, whenAwake } from '#uploader/index.ts'
import type { ChangeVideoBody } from '#shared/api/videos.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { type FieldName, type FilmFields, toChange } from '../fields/film-fields.ts'

/** `kept`: the server has it all. `held`: it waits for the film to be begun, or for what is missing in the fields. */
export type Keeping = { state: 'kept' } | { state: 'held' } | { state: 'keeping' } | { state: 'failed'; failure: ApiFailure }

export type KeeperParts = {
  fields(): FilmFields
  unsaved: Set<FieldName>
  hasPassword(): boolean
  /** Undefined while the server knows no film yet. */
  send(): ((change: ChangeVideoBody) => Promise<unknown>) | undefined
  changed(): void
}

const restMs = 700

/** Sends what is typed as soon as the hand rests, and again until it has arrived; what the server refuses stays, with its reason. */
export class FieldKeeper {
  readonly #parts: KeeperParts
  #keeping: Keeping
  #timer: ReturnType<typeof setTimeout> | undefined
  #running: Promise<void> | undefined

  constructor(parts: KeeperParts) {
    this.#parts = parts
    this.#keeping = { state: parts.unsaved.size === 0 ? 'kept' : 'held' }
  }

  get keeping(): Keeping {
    return this.#keeping
  }

  touched(name: FieldName): void {
    this.#parts.unsaved.add(name)
    this.#become({ state: 'held' })
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), restMs)
  }

  /** Resolves when what could be sent has been sent. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #run(): Promise<void> {
    for (let failures = 0; ; ) {
      const { fields, unsaved, hasPassword, send } = this.#parts
      const change = toChange(fields(), unsaved, hasPassword())
      const deliver = send()
      if (Object.keys(change).length === 0 || !deliver) return this.#become({ state: unsaved.size === 0 ? 'kept' : 'held' })
      this.#become({ state: 'keeping' })
      const failure = await this.#deliver(change, deliver)
      if (failure) this.#become({ state: 'failed', failure })
      if (failure && !mayPass(failure)) return
      failures = failure ? failures + 1 : 0
      if (failure) await waitFor(backoffMs(failures), new AbortController().signal, whenAwake)
    }
  }

  async #deliver(change: ChangeVideoBody, deliver: (change: ChangeVideoBody) => Promise<unknown>): Promise<ApiFailure | undefined> {
    const { fields, unsaved } = this.#parts
    const sent = fields()
    try {
      await deliver(change)
    } catch (error) {
      return error instanceof ApiFailure ? error : new ApiFailure({ kind: 'broken', status: 0 }, { cause: error })
    }
    // What was typed meanwhile goes with the next.
    for (const name of [...unsaved]) if (name in change && fields()[name] === sent[name]) unsaved.delete(name)
    return undefined
  }

  #become(keeping: Keeping): void {
    this.#keeping = keeping
    this.#parts.changed()
  }
}

function mayPass({ facts }: ApiFailure): boolean {
  return facts.kind !== 'refused' || facts.status >= 429
}
