import { Problem } from './problem.ts'

export type GateFigures = { running: number; waiting: number; refused: number }

/**
 * So many at once, so many waiting, the rest refused at once: what costs much cannot be asked for without bound.
 * Whoever goes away while waiting leaves the queue.
 */
export class Gate {
  readonly #atOnce: number
  readonly #mayWait: number
  readonly #code: string
  readonly #retryAfterMs: number
  #running = 0
  #refused = 0
  readonly #waiting = new Set<() => void>()

  constructor(options: { atOnce: number; mayWait: number; code: string; retryAfterMs?: number }) {
    this.#atOnce = options.atOnce
    this.#mayWait = options.mayWait
    this.#code = options.code
    this.#retryAfterMs = options.retryAfterMs ?? 1000
  }

  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(signal)
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  figures(): GateFigures {
    return { running: this.#running, waiting: this.#waiting.size, refused: this.#refused }
  }

  async #enter(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (this.#running < this.#atOnce) {
      this.#running++
      return
    }
    if (this.#waiting.size >= this.#mayWait) {
      this.#refused++
      throw new Problem('unavailable', this.#code, { retryAfterMs: this.#retryAfterMs })
    }
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', away)
        resolve()
      }
      const away = () => {
        this.#waiting.delete(enter)
        reject(signal?.reason)
      }
      this.#waiting.add(enter)
      signal?.addEventListener('abort', away, { once: true })
    })
  }

  /** The place goes straight to the next in line, so that nobody slips in between. */
  #leave(): void {
    const [next] = this.#waiting
    if (!next) {
      this.#running--
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
