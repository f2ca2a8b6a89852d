import type { Source } from './source.ts'
import { Upload, type UploadParts } from './upload.ts'

/** Many files, one after another in the order in which they came: each is whole sooner than if all shared the line. */
export class UploadQueue {
  readonly #parts: UploadParts
  readonly #watchers = new Set<() => void>()
  #uploads: readonly Upload[] = []
  #isHeld = false
  #isRunning = false

  constructor(parts: UploadParts) {
    this.#parts = parts
  }

  /** The same array until one is added or removed. */
  get uploads(): readonly Upload[] {
    return this.#uploads
  }

  add(sources: readonly Source[], parts: Partial<UploadParts> = {}): Upload[] {
    const added = sources.map((source) => new Upload(source, { ...this.#parts, ...parts }))
    for (const upload of added) upload.onChange(() => this.#changed())
    this.#uploads = [...this.#uploads, ...added]
    this.#changed()
    return added
  }

  /** Takes what stands still for good off the list. */
  remove(upload: Upload): void {
    this.#uploads = this.#uploads.filter((other) => other !== upload)
    this.#changed()
  }

  /** Each in its turn, until none waits any more. */
  async run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#isHeld = false
    try {
      for (let next = this.#next(); next; next = this.#next()) await next.start()
    } finally {
      this.#isRunning = false
    }
  }

  async pauseAll(): Promise<void> {
    this.#isHeld = true
    await Promise.all(this.#uploads.filter(isMoving).map((upload) => upload.pause()))
  }

  async resumeAll(): Promise<void> {
    this.#isHeld = false
    for (const upload of this.#uploads) if (upload.state.state === 'paused') await upload.start()
    await this.run()
  }

  onChange(changed: () => void): () => void {
    this.#watchers.add(changed)
    return () => this.#watchers.delete(changed)
  }

  #next(): Upload | undefined {
    return this.#isHeld ? undefined : this.#uploads.find(({ state }) => state.state === 'waiting')
  }

  #changed(): void {
    for (const changed of this.#watchers) changed()
  }
}

function isMoving({ state }: Upload): boolean {
  return state.state === 'opening' || state.state === 'sending' || state.state === 'verifying'
}
