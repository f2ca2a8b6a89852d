import type { Refusal, Sent } from '#shared/messages/envelope.ts'
import type { Environment } from './environment.ts'

/** What was asked was refused; `code` has a text in every language. */
export class MessageRefused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.code)
    this.name = 'MessageRefused'
    this.refusal = refusal
  }
}

/** Nobody answered, or the line broke before somebody did. Whether it was done is not known. */
export class Unanswered extends Error {
  constructor() {
    super('The line broke before the answer came.')
    this.name = 'Unanswered'
  }
}

type Asked = {
  message: Sent & { id: string }
  isKept: boolean
  isSent: boolean
  resolve(answer: unknown): void
  reject(error: Error): void
  timer: { cancel(): void } | undefined
}

const answerMs = 15_000
const keptAtMost = 500

/**
 * What waits for an answer. Kept messages are sent in their order, again after every break, until they are answered; others fail with the line.
 */
export class Requests {
  readonly #environment: Environment
  readonly #send: (message: Sent) => void
  readonly #asked = new Map<string, Asked>()
  #ids = 0
  #isOpen = false
  #pause: { cancel(): void } | undefined

  constructor(parts: { environment: Environment; send: (message: Sent) => void }) {
    this.#environment = parts.environment
    this.#send = parts.send
  }

  get waiting(): number {
    return this.#asked.size
  }

  ask(kind: string, body: unknown, isKept: boolean): Promise<unknown> {
    if (!this.#isOpen && !isKept) return Promise.reject(new Unanswered())
    if (isKept && this.#asked.size >= keptAtMost) return Promise.reject(new Unanswered())
    return new Promise((resolve, reject) => {
      const id = (++this.#ids).toString(36)
      this.#asked.set(id, { message: { t: kind, d: body, id }, isKept, isSent: false, resolve, reject, timer: undefined })
      this.#sendNext()
    })
  }

  opened(): void {
    this.#isOpen = true
    this.#sendNext()
  }

  broken(): void {
    this.#isOpen = false
    this.#pause?.cancel()
    this.#pause = undefined
    for (const asked of [...this.#asked.values()]) {
      asked.timer?.cancel()
      asked.isSent = false
      if (!asked.isKept) this.#fail(asked, new Unanswered())
    }
  }

  answered(re: string, answer: unknown): void {
    const asked = this.#asked.get(re)
    if (!asked) return
    this.#settle(asked)
    asked.resolve(answer)
  }

  refused(re: string, refusal: Refusal): void {
    const asked = this.#asked.get(re)
    if (!asked) return
    // Too fast is not wrong: what is kept goes out again, and what follows it waits behind it.
    if (asked.isKept && refusal.kind === 'limited' && refusal.retryAfterMs !== undefined) this.#sendLater(refusal.retryAfterMs)
    else this.#fail(asked, new MessageRefused(refusal))
  }

  #sendLater(ms: number): void {
    for (const asked of this.#asked.values()) {
      if (!asked.isKept) continue
      asked.isSent = false
      asked.timer?.cancel()
    }
    this.#pause?.cancel()
    this.#pause = this.#environment.after(ms, () => {
      this.#pause = undefined
      this.#sendNext()
    })
  }

  #sendNext(): void {
    if (!this.#isOpen) return
    for (const asked of this.#asked.values()) {
      if (asked.isSent || (asked.isKept && this.#pause)) continue
      asked.isSent = true
      this.#send(asked.message)
      if (!asked.isKept) asked.timer = this.#environment.after(answerMs, () => this.#fail(asked, new Unanswered()))
    }
  }

  #fail(asked: Asked, error: Error): void {
    this.#settle(asked)
    asked.reject(error)
  }

  #settle(asked: Asked): void {
    asked.timer?.cancel()
    this.#asked.delete(asked.message.id)
  }

  close(): void {
    this.broken()
    for (const asked of [...this.#asked.values()]) this.#fail(asked, new Unanswered())
  }
}
