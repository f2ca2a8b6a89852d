import { Worker } from 'node:worker_threads'

/** A thread that answers what it is asked in the order of asking. It is started when it is first needed, and again when it has died. */
export class Thread<Asked, Result> {
  readonly #script: URL
  readonly #data: unknown
  #worker: Worker | undefined
  #last = 0
  #isClosed = false
  readonly #waiting = new Map<number, PromiseWithResolvers<Result | undefined>>()

  constructor(script: URL, data: unknown) {
    this.#script = script
    this.#data = data
  }

  /** How much it has to do. */
  get load(): number {
    return this.#waiting.size
  }

  ask(asked: Asked): Promise<Result | undefined> {
    if (this.#isClosed) return Promise.reject(new Error('the threads of the uploads have been closed'))
    const waiter = Promise.withResolvers<Result | undefined>()
    const id = ++this.#last
    this.#waiting.set(id, waiter)
    this.#open().postMessage({ id, asked })
    return waiter.promise
  }

  #open(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(this.#script, { workerData: this.#data })
    worker.unref()
    worker.on('message', ({ id, result, error }: { id: number; result?: Result; error?: ThreadError }) => {
      const waiter = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error) waiter?.reject(Object.assign(new Error(error.message), error.code === undefined ? {} : { code: error.code }))
      else waiter?.resolve(result)
    })
    worker.on('error', (error) => this.#fail(worker, error))
    worker.on('exit', () => this.#fail(worker, new Error('a thread of the uploads has ended')))
    this.#worker = worker
    return worker
  }

  #fail(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#worker?.terminate()
  }
}

export type ThreadError = { message: string; code?: string | undefined }

export function toThreadError(error: unknown): ThreadError {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { message: error instanceof Error ? error.message : String(error), code }
}
