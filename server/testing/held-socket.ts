import type { Environment, WebSocketLike, WebSocketMaker } from '#web/lib/socket/environment.ts'
import { createHeldClock, type HeldClock } from './held-clock.ts'

/** One WebSocket of a page, held by the test: nothing arrives and nothing leaves but what the test lets pass. */
export type HeldLine = {
  readonly url: URL
  readonly protocols: readonly string[]
  /** What the page has said, in its order. */
  readonly said: { t: string; d: unknown; id?: string }[]
  readonly isClosed: boolean
  /** The server says this; several at once come in one frame. */
  tell(...messages: object[]): void
  /** The first word of a server. */
  welcome(place?: { epoch?: number; seq?: number; resumed?: boolean }): void
  /** The line ends, as the browser would tell it. */
  end(code?: number, reason?: object): void
  /** Answers the newest message of this kind that has not been answered. */
  answer(kind: string, answer?: object): void
  refuse(kind: string, problem: object): void
}

export type HeldNetwork = {
  readonly environment: Environment
  readonly clock: HeldClock
  /** Every WebSocket that was opened, the newest last. */
  readonly lines: readonly HeldLine[]
  readonly line: HeldLine
  readonly faults: unknown[]
  /** Requests by HTTP, for the test to answer. */
  readonly fetched: { url: string; init: RequestInit; answer(response: Response): void; fail(): void }[]
  offline(): void
  online(): void
  /** The page is looked at again. */
  wake(): void
}

/** A network that stands still until the test moves it: each message, each break, each second. */
export function createHeldNetwork(options: { chance?: () => number } = {}): HeldNetwork {
  const clock = createHeldClock()
  const lines: HeldLine[] = []
  const faults: unknown[] = []
  const fetched: HeldNetwork['fetched'] = []
  const wakers = new Set<() => void>()
  let isOnline = true
  const wake = () => {
    for (const woken of wakers) woken()
  }
  const environment: Environment = {
    WebSocket: holdingInto(lines),
    fetch: (input, init = {}) => {
      const { promise, resolve, reject } = Promise.withResolvers<Response>()
      init.signal?.addEventListener('abort', () => reject(new Error('aborted')))
      fetched.push({
        url: input instanceof Request ? input.url : input.toString(),
        init,
        answer: resolve,
        fail: () => reject(new TypeError('fetch failed')),
      })
      return promise
    },
    nowMs: () => clock.monotonicMs(),
    after: clock.after,
    chance: options.chance ?? (() => 0.5),
    report: (error) => void faults.push(error),
    isOnline: () => isOnline,
    onWake(woken) {
      wakers.add(woken)
      return { end: () => void wakers.delete(woken) }
    },
  }
  return {
    environment,
    clock,
    lines,
    get line() {
      const newest = lines.at(-1)
      if (!newest) throw new Error('No line was opened.')
      return newest
    },
    faults,
    fetched,
    offline() {
      isOnline = false
      wake()
    },
    online() {
      isOnline = true
      wake()
    },
    wake,
  }
}

function holdingInto(lines: HeldLine[]): WebSocketMaker {
  return class implements WebSocketLike {
    onopen: (() => void) | null = null
    onmessage: ((event: { data: unknown }) => void) | null = null
    onclose: ((event: { code: number; reason: string }) => void) | null = null
    onerror: (() => void) | null = null
    readonly #said: HeldLine['said'] = []
    readonly #answered = new Set<string>()
    #isClosed = false

    constructor(url: string, protocols: string[]) {
      lines.push(this.#held(new URL(url), protocols))
    }

    get readyState(): number {
      return this.#isClosed ? 3 : 1
    }

    send(text: string): void {
      if (this.#isClosed) throw new Error('Said on a line that is closed.')
      this.#said.push(JSON.parse(text) as HeldLine['said'][number])
    }

    close(): void {
      this.#isClosed = true
    }

    #held(url: URL, protocols: string[]): HeldLine {
      const tell = (...messages: object[]) => this.onmessage?.({ data: JSON.stringify(messages.length === 1 ? messages[0] : messages) })
      const isClosed = () => this.#isClosed
      return {
        url,
        protocols,
        said: this.#said,
        get isClosed() {
          return isClosed()
        },
        tell,
        welcome: ({ epoch = 1, seq = 0, resumed = false } = {}) =>
          tell({ t: 'socket.welcome', d: { connection: 'node.1', epoch, seq, resumed, now: 0 } }),
        end: (code = 1006, reason) => {
          this.#isClosed = true
          this.onclose?.({ code, reason: reason ? JSON.stringify(reason) : '' })
        },
        answer: (kind, answer = {}) => tell({ re: this.#waiting(kind), d: answer }),
        refuse: (kind, problem) => tell({ re: this.#waiting(kind), problem }),
      }
    }

    #waiting(kind: string): string {
      const found = this.#said.findLast(({ t, id }) => t === kind && id !== undefined && !this.#answered.has(id))
      if (!found?.id) throw new Error(`Nobody waits for an answer to ${kind}.`)
      this.#answered.add(found.id)
      return found.id
    }
  }
}
