import { Worker } from 'node:worker_threads'
import type { HashResult, HashWork } from './hash.thread.ts'

/** Digests off the event loop: blocks on one thread, wholes on another, so that no block waits for a film. */
export class Hashing {
  readonly #blocks = new Thread()
  readonly #wholes = new Thread()

  async range(path: string, start: number, end: number): Promise<string> {
    return (await this.#blocks.ask({ kind: 'range', path, start, end })).md5
  }

  /** In-order arrival is hashed while it arrives: the last asking has only the rest to read. */
  first = (key: string, path: string, end: number): Promise<HashResult> => this.#wholes.ask({ kind: 'first', key, path, end })

  forget = (key: string): Promise<HashResult> => this.#wholes.ask({ kind: 'forget', key })

  async close(): Promise<void> {
    await Promise.all([this.#blocks.close(), this.#wholes.close()])
  }
}

class Thread {
  #worker: Worker | undefined
  #last = 0
  readonly #waiting = new Map<number, PromiseWithResolvers<HashResult>>()

  ask(asked: HashWork): Promise<HashResult> {
    const waiter = Promise.withResolvers<HashResult>()
    const id = ++this.#last
    this.#waiting.set(id, waiter)
    this.#open().postMessage({ id, asked })
    return waiter.promise
  }

  #open(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(new URL('./hash.thread.ts', import.meta.url))
    worker.unref()
    worker.on('message', ({ id, result, error }: { id: number; result?: HashResult; error?: string }) => {
      const waiter = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (result) waiter?.resolve(result)
      else waiter?.reject(new Error(error))
    })
    worker.on('error', (error) => this.#fail(error))
    worker.on('exit', () => this.#fail(new Error('the thread that hashes has ended')))
    this.#worker = worker
    return worker
  }

  #fail(error: unknown): void {
    this.#worker = undefined
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }
}
