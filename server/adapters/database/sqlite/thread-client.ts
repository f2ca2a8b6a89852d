import { Worker } from 'node:worker_threads'
import { OutcomeUnknown } from '#server/database/errors.ts'
import { errorOf } from './failures.ts'
import type { Reply, Request, ThreadData } from './messages.ts'

type Waiting = { resolve(answer: unknown): void; reject(error: Error): void }

/**
 * A database thread, seen from the program. What is asked within one turn of the event loop travels as one message. A thread that dies
 * leaves nobody waiting, and the next question starts another.
 */
export class ThreadClient {
  #data: ThreadData
  #worker: Worker | undefined
  #waiting = new Map<number, Waiting>()
  #outbox: Request[] = []
  #lastId = 0
  #closed = false

  constructor(data: ThreadData) {
    this.#data = data
  }

  /** Lets the thread begin to start, so that the first question need not wait for it. */
  start(): void {
    this.#worker ??= this.#open()
  }

  nextId(): number {
    return ++this.#lastId
  }

  ask<A>(request: Request): Promise<A> {
    return new Promise<A>((resolve, reject) => {
      if (this.#closed) return reject(new Error('the database is closed'))
      if (this.#waiting.size === 0) this.#hold()
      this.#waiting.set(request[1], { resolve: resolve as Waiting['resolve'], reject })
      this.#outbox.push(request)
      if (this.#outbox.length > 1) return
      // Commits wait for others of the same turn; whoever goes step by step would only wait longer at each.
      const soon = request[0] === 'commit' ? setImmediate : queueMicrotask
      soon(() => this.#flush())
    })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    if (this.#worker) await this.ask(['close', this.nextId()])
    this.#closed = true
    await this.#worker?.terminate()
  }

  #open(): Worker {
    const worker = new Worker(new URL('./database-thread.ts', import.meta.url), {
      workerData: this.#data,
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    })
    worker.unref()
    worker.on('message', (replies: Reply[]) => this.#hear(replies))
    worker.on('error', (error: Error) => this.#died(worker, error))
    worker.on('exit', (code) => this.#died(worker, new Error(`the database thread ended with ${code}`)))
    return worker
  }

  /** The process must not end by itself while somebody waits. */
  #hold(): void {
    this.start()
    this.#worker?.ref()
  }

  #flush(): void {
    const requests = this.#outbox
    this.#outbox = []
    if (requests.length === 0) return
    this.start()
    this.#worker?.postMessage(requests)
  }

  #hear(replies: readonly Reply[]): void {
    for (const [id, answer, failure] of replies) {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (failure) waiting?.reject(errorOf(failure))
      else waiting?.resolve(answer)
    }
    if (this.#waiting.size === 0) this.#worker?.unref()
  }

  #died(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    this.#outbox = []
    for (const { reject } of waiting) reject(new OutcomeUnknown(error))
  }
}
