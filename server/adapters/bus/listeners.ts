import type { Json } from '#server/lib/json.ts'
import type { Log } from '#server/ports/log.ts'

type Listener = { heard: (message: Json) => void; gap: (() => void) | undefined }

/** The subscribers of one process, called in order, none hurt by another. */
export class Listeners {
  readonly #byTopic = new Map<string, Set<Listener>>()
  readonly #waiting: { topic: string; message: Json }[] = []
  readonly #log: Log
  #isCalling = false

  constructor(log: Log) {
    this.#log = log
  }

  add(topic: string, listener: Listener): () => void {
    let listeners = this.#byTopic.get(topic)
    if (!listeners) this.#byTopic.set(topic, (listeners = new Set()))
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#byTopic.get(topic) === listeners) this.#byTopic.delete(topic)
    }
  }

  has(topic: string): boolean {
    return this.#byTopic.has(topic)
  }

  topics(): string[] {
    return [...this.#byTopic.keys()]
  }

  /** A message published by a subscriber while it hears another comes after that one everywhere, so that all see one order. */
  call(topic: string, message: Json): void {
    this.#waiting.push({ topic, message })
    if (this.#isCalling) return
    this.#isCalling = true
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      for (const listener of [...(this.#byTopic.get(next.topic) ?? [])]) {
        const { heard } = listener
        const { message: told } = next
        this.#guard(next.topic, () => heard(told))
      }
    }
    this.#isCalling = false
  }

  gap(topic: string): void {
    for (const { gap } of [...(this.#byTopic.get(topic) ?? [])]) if (gap) this.#guard(topic, gap)
  }

  gapAll(): void {
    for (const topic of [...this.#byTopic.keys()]) this.gap(topic)
  }

  clear(): void {
    this.#byTopic.clear()
    this.#waiting.length = 0
  }

  #guard(topic: string, act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#log.error('bus.subscriber_failed', { topic, error })
    }
  }
}
