import { openBlockLine, type UploadTask } from './block-line.ts'
import { type Trouble, UploadFailure } from './failure.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { Hashes } from './hashes.ts'
import { type Memory, memoryOfNow } from './memory.ts'
import { compareBegun } from './prove.ts'
import { sendFile } from './send-file.ts'
import type { Source } from './source.ts'
import { createSpeedometer } from './speed.ts'
import { persistently } from './wait.ts'

export type Opened = { task: UploadTask; extra?: Readonly<Record<string, unknown>> }
type OnTrouble = (trouble: Trouble) => void
export type UploadParts = {
  /** Asks the business server for a task: it alone decides who may upload what. It says what keeps it waiting, if anything does. */
  open(file: { name: string; size: number }, signal: AbortSignal, onTrouble?: OnTrouble): Promise<Opened>
  /** Uploads of a file of this size that were begun elsewhere: asked where the memory knows none. */
  findBegun?(file: { name: string; size: number }, signal: AbortSignal, onTrouble?: OnTrouble): Promise<(Opened & { name?: string })[]>
  /** Whether the server has this very file already: it is shown by places in it that the server names. */
  prove?(asked: { task: UploadTask; source: Source; fileMd5: string }, signal: AbortSignal): Promise<boolean>
  memory?: Memory
  hashes?: Hashes
  request?: typeof fetch
  tries?: number
  wake?: (signal: AbortSignal) => Promise<void>
}

export type UploadState =
  | { state: 'waiting' }
  | { state: 'opening'; trouble: Trouble | undefined }
  | { state: 'sending'; heldBytes: number; bytesPerSecond: number; secondsLeft: number | undefined; trouble: Trouble | undefined }
  | { state: 'verifying' }
  | { state: 'paused'; heldBytes: number }
  | { state: 'done' }
  | { state: 'failed'; reason: unknown }
  | { state: 'cancelled' }

/** More files of exactly the same size nobody has on their way. */
const mostCandidates = 16

/** One file on its way. Nothing but `cancel` and a changed file ends it for good: whatever else happens, `start` goes on. */
export class Upload {
  readonly source: Source
  readonly #parts: UploadParts
  readonly #memory: Memory
  readonly #watchers = new Set<() => void>()
  #speedometer = createSpeedometer()
  #state: UploadState = { state: 'waiting' }
  #opened: (Opened & { fingerprint: string; isResumed: boolean }) | undefined
  #heldBytes = 0
  #trouble: Trouble | undefined
  /** What the server is told about pausing, so that no older word arrives after a newer one. */
  #telling: Promise<void> = Promise.resolve()
  #running: { stop: AbortController; ended: Promise<void> } | undefined

  constructor(source: Source, parts: UploadParts) {
    this.source = source
    this.#parts = parts
    this.#memory = parts.memory ?? memoryOfNow()
  }

  get state(): UploadState {
    return this.#state
  }

  get opened(): Opened | undefined {
    return this.#opened
  }

  onChange(changed: () => void): () => void {
    this.#watchers.add(changed)
    return () => this.#watchers.delete(changed)
  }

  /** Begins or goes on; resolves when it stands still, for whatever reason: the state tells. */
  start(): Promise<void> {
    if (this.#running) return this.#running.ended
    if (this.#state.state === 'done' || this.#state.state === 'cancelled') return Promise.resolve()
    const stop = new AbortController()
    const ended = this.#run(stop.signal).finally(() => {
      this.#running = undefined
    })
    this.#running = { stop, ended }
    return ended
  }

  /** Stops at once; the server is told, so that other devices see it. */
  async pause(): Promise<void> {
    if (this.#state.state === 'done' || this.#state.state === 'cancelled') return
    await this.#halt()
    this.#become({ state: 'paused', heldBytes: this.#heldBytes })
    await this.#tell('pause')
  }

  /** What was sent is gone from the server as well, at once or when it is next reached. */
  async cancel(): Promise<void> {
    if (this.#state.state === 'done') return
    await this.#halt()
    this.#become({ state: 'cancelled' })
    await this.#tell('cancel')
    if (this.#opened) await this.#memory.forget(this.#opened.fingerprint)
  }

  /** Stops here, and tells nobody: for who tells the server by a way of his own. */
  async stop(): Promise<void> {
    await this.#halt()
    await this.#telling
  }

  async #run(signal: AbortSignal): Promise<void> {
    const isAfterPause = this.#state.state === 'paused'
    // The time it stood still is no slow line.
    this.#speedometer = createSpeedometer()
    this.#become({ state: 'opening', trouble: undefined })
    try {
      await this.#runTask(signal, isAfterPause)
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof UploadFailure && error.kind === 'paused') return this.#become({ state: 'paused', heldBytes: this.#heldBytes })
      this.#become({ state: 'failed', reason: error })
    }
  }

  async #runTask(signal: AbortSignal, isAfterPause: boolean): Promise<void> {
    await this.#telling
    const opened = await this.#open(signal)
    if (isAfterPause || opened.isResumed) await this.#tellResumed(opened.task, signal)
    try {
      await this.#send(opened, signal)
    } catch (error) {
      const isGone = error instanceof UploadFailure && error.kind === 'gone'
      if (!isGone) throw error
      await this.#memory.forget(opened.fingerprint)
      this.#opened = undefined
      // What was remembered has been cancelled or has expired meanwhile: once, it is begun anew.
      if (!opened.isResumed) throw error
      await this.#send(await this.#open(signal), signal)
    }
    await this.#memory.forget(this.#opened?.fingerprint ?? opened.fingerprint)
    this.#become({ state: 'done' })
  }

  async #open(signal: AbortSignal) {
    if (this.#opened) return (this.#opened = { ...this.#opened, isResumed: true })
    const { name, size } = this.source
    const fingerprint = await fingerprintOf(this.source)
    const kept = await this.#memory.find(fingerprint)
    signal.throwIfAborted()
    const begun = kept ?? (await this.#findBegun(signal))
    const opened = begun ?? (await this.#parts.open({ name, size }, signal, this.#isHeldUp))
    this.#opened = { ...opened, fingerprint, isResumed: begun !== undefined }
    await this.#memory.keep({ fingerprint, name, size, task: opened.task, extra: opened.extra ?? {} })
    return this.#opened
  }

  /** The same file, begun on another machine: known by what the server holds of it. */
  async #findBegun(signal: AbortSignal): Promise<Opened | undefined> {
    const { findBegun, wake, hashes, request } = this.#parts
    const { source } = this
    const candidates = (await findBegun?.({ name: source.name, size: source.size }, signal, this.#isHeldUp)) ?? []
    const given = { source, signal, ...(hashes ? { hashes } : {}), ...(request ? { request } : {}) }
    for (const { name, ...candidate } of candidates.slice(0, mostCandidates)) {
      const asked = { ...given, task: candidate.task }
      const is = await persistently(() => compareBegun(asked), { signal, wake, onTrouble: this.#isHeldUp }).catch(passOverFailure)
      if (is === 'same' || (is === 'empty' && name === source.name)) return candidate
    }
    return undefined
  }

  #send({ task, isResumed }: { task: UploadTask; isResumed: boolean }, signal: AbortSignal): Promise<void> {
    const { prove, ...parts } = this.#parts
    const { source } = this
    return sendFile({
      ...parts,
      ...(prove ? { prove: (fileMd5, asking) => prove({ task, source, fileMd5 }, asking) } : {}),
      source,
      task,
      isResumed,
      signal,
      onHeld: (heldBytes) => {
        this.#heldBytes = heldBytes
        this.#speedometer.saw(heldBytes, performance.now())
        this.#tellSending()
      },
      onTrouble: (trouble) => {
        if (trouble?.kind === this.#trouble?.kind) return
        this.#trouble = trouble
        this.#tellSending()
      },
      onVerifying: () => this.#become({ state: 'verifying' }),
    })
  }

  #isHeldUp = (trouble: Trouble): void => {
    if (this.#state.state === 'opening') this.#become({ state: 'opening', trouble })
  }

  /** Until the server has heard it: otherwise it would go on refusing what is sent. */
  async #tellResumed(task: UploadTask, signal: AbortSignal): Promise<void> {
    const { wake, tries } = this.#parts
    const persistence = { signal, wake, onTrouble: this.#isHeldUp, ...(tries === undefined ? {} : { tries }) }
    await persistently(() => this.#line(task).tell({ status: 'upload' }, signal), persistence).catch(ignore)
    signal.throwIfAborted()
  }

  #tellSending(): void {
    const speed = this.#speedometer.speed(this.source.size - this.#heldBytes, performance.now())
    this.#become({ state: 'sending', heldBytes: this.#heldBytes, trouble: this.#trouble, ...speed })
  }

  async #halt(): Promise<void> {
    this.#running?.stop.abort()
    await this.#running?.ended
  }

  /** The server may be out of reach; then it learns of it by the next start, or not at all. */
  #tell(status: 'pause' | 'cancel'): Promise<void> {
    const { task } = this.#opened ?? {}
    if (task) this.#telling = this.#telling.then(() => this.#line(task).tell({ status }, AbortSignal.timeout(10_000)).catch(ignore))
    return this.#telling
  }

  #line(task: UploadTask) {
    return openBlockLine(task, this.#parts.request ?? fetch)
  }

  #become(state: UploadState): void {
    this.#state = state
    for (const changed of this.#watchers) changed()
  }
}

const ignore = () => undefined

/** One that is gone meanwhile is none. */
function passOverFailure(error: unknown): 'other' {
  if (error instanceof UploadFailure) return 'other'
  throw error
}
