import { MessageRefused } from './requests.ts'

export type TopicEvents = {
  /** Messages may have been missed: load the topic's state anew. Called after every break as well. */
  gap?(): void
  /** The server ended it, or would not let us in again. */
  left?(why: 'evicted' | 'forbidden'): void
}

type Entered = { users: Set<TopicEvents>; hasBeenIn: boolean; first: PromiseWithResolvers<void> }
type Ask = (kind: 'socket.subscribe' | 'socket.unsubscribe', topic: string) => Promise<unknown>

const againMs = 2_000

/** The topics that parts of the page listen to: entered once however many listen, and again after every break. */
export class EnteredTopics {
  readonly #ask: Ask
  readonly #after: (ms: number, act: () => void) => unknown
  readonly #topics = new Map<string, Entered>()

  constructor(parts: { ask: Ask; after: (ms: number, act: () => void) => unknown }) {
    this.#ask = parts.ask
    this.#after = parts.after
  }

  enter(topic: string, events: TopicEvents, isLive: boolean): { entered: Promise<void>; leave(): void } {
    let entered = this.#topics.get(topic)
    if (!entered) {
      entered = { users: new Set(), hasBeenIn: false, first: Promise.withResolvers() }
      this.#topics.set(topic, entered)
      if (isLive) this.#go(topic, entered)
    }
    const mine = entered
    mine.users.add(events)
    return {
      entered: mine.first.promise,
      leave: () => {
        if (!mine.users.delete(events) || mine.users.size > 0 || this.#topics.get(topic) !== mine) return
        this.#topics.delete(topic)
        // Where the line is down the server has forgotten already.
        this.#ask('socket.unsubscribe', topic).catch(() => {})
      },
    }
  }

  /** On a new line. */
  enterAll(): void {
    for (const [topic, entered] of this.#topics) this.#go(topic, entered)
  }

  #go(topic: string, entered: Entered): void {
    if (this.#topics.get(topic) !== entered) return
    this.#ask('socket.subscribe', topic).then(
      () => {
        entered.first.resolve()
        if (entered.hasBeenIn) for (const user of [...entered.users]) user.gap?.()
        entered.hasBeenIn = true
      },
      (error: unknown) => {
        const { kind, retryAfterMs } = error instanceof MessageRefused ? error.refusal : { kind: 'unavailable', retryAfterMs: undefined }
        if (kind !== 'unavailable' && kind !== 'limited') return this.end(topic, 'forbidden')
        // A broken line comes here as well, and enters again by itself; twice does no harm.
        this.#after(retryAfterMs ?? againMs, () => this.#go(topic, entered))
      },
    )
  }

  gap(topic: string): void {
    for (const user of [...(this.#topics.get(topic)?.users ?? [])]) user.gap?.()
  }

  end(topic: string, why: 'evicted' | 'forbidden'): void {
    const entered = this.#topics.get(topic)
    this.#topics.delete(topic)
    entered?.first.resolve()
    for (const user of [...(entered?.users ?? [])]) user.left?.(why)
  }
}
