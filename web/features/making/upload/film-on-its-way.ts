import { fromFile, type Hashes, type Memory, provePossession, Upload, UploadFailure, whenAwake } from '#uploader/index.ts'
import type { Api } from '#web/lib/api.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import type { FieldName, FilmFields } from '../fields/film-fields.ts'
import { giveUp, heard, pathOf } from './give-up.ts'
import { FieldKeeper, type Keeping } from './keep-fields.ts'
import type { Facts, FileHandle, Note, Notes } from './notes.ts'
import { openAtHouse } from './open-at-house.ts'
import { isMoving, type Stage, toStage } from './stage.ts'

export type FilmParts = { api: Api; username: string; notes: Notes; hashes: Hashes; request?: typeof fetch }

/** A picture of a film on its way: another one after each change. */
export type FilmView = {
  readonly id: string
  readonly fileName: string
  readonly size: number
  readonly heldBytes: number
  readonly videoId: string | undefined
  readonly fields: FilmFields
  readonly hasPassword: boolean
  readonly keeping: Keeping
  readonly stage: Stage
  readonly still: Blob | undefined
  /** Why the picture that was chosen does not stand for it. */
  readonly coverFailure: ApiFailure | undefined
  readonly facts: Facts | undefined
}

/** Eyes need no more pictures a second than these. */
const pictureMs = 250
/** How far it has come is noted so often: a reload then shows about what was there. */
const noteMs = 2000

/** One film from its file to the server, with what is said of it meanwhile; all of it is noted, so that it outlives the page. */
export class FilmOnItsWay {
  readonly note: Note
  readonly #parts: FilmParts
  readonly #watchers = new Set<() => void>()
  readonly #keeper: FieldKeeper
  readonly #unsaved: Set<FieldName>
  #password = ''
  /** The picture before the one that is on its way. */
  #stillBefore: Blob | undefined
  #coverFailure: ApiFailure | undefined
  #upload: Upload | undefined
  #notedMs = 0
  /** Nothing that is still being answered brings its note back. */
  #isOver = false
  #stage: Stage
  #view: FilmView
  #late: ReturnType<typeof setTimeout> | undefined

  constructor(note: Note, stage: Stage, parts: FilmParts) {
    this.note = note
    this.#stage = stage
    this.#parts = parts
    this.#unsaved = new Set(note.unsaved)
    this.#keeper = new FieldKeeper({
      fields: () => this.#fields,
      unsaved: this.#unsaved,
      hasPassword: () => note.hasPassword,
      send: () => (note.videoId === undefined ? undefined : (change) => this.#change(change)),
      changed: () => this.#kept(),
    })
    this.#view = this.#picture()
  }

  get view(): FilmView {
    return this.#view
  }

  get hasFile(): boolean {
    return this.#upload !== undefined
  }

  /** As far as this page was given it. */
  get file(): Blob | undefined {
    return this.#upload?.source.blob
  }

  get isUnsaved(): boolean {
    return this.#unsaved.size > 0 || this.note.cover !== undefined
  }

  watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed)
    return () => this.#watchers.delete(changed)
  }

  /** What an earlier page noted and the server was not told. */
  save(): void {
    void this.#keeper.flush()
    void this.#sendCover()
  }

  write<N extends FieldName>(name: N, value: FilmFields[N]): void {
    if (name === 'password') this.#password = value as string
    else this.note.fields = { ...this.note.fields, [name]: value }
    this.#keeper.touched(name)
    this.#noteDown()
  }

  /** A picture that is to stand for it. */
  cover(picture: Blob): void {
    if (!this.note.cover) this.#stillBefore = this.note.still
    this.#coverFailure = undefined
    Object.assign(this.note, { cover: picture, still: picture })
    this.#changed()
    this.#noteDown()
    void this.#sendCover()
  }

  /** The file, known to be the right one. */
  give(file: File, fingerprint: string, handle?: FileHandle): void {
    this.note.fingerprint = fingerprint
    if (handle) this.note.handle = handle
    const { api, hashes, request } = this.#parts
    this.#upload = new Upload(fromFile(file), {
      open: openAtHouse({ api, note: this.note, noteDown: () => this.#noted() }),
      prove: ({ task, source, fileMd5 }) =>
        provePossession((path, body) => api.send('POST', `/uploads${path}`, body), source, { taskId: task.taskId, fileMd5 }),
      memory: this.#memory(),
      hashes,
      wake: whenAwake,
      ...(request ? { request } : {}),
    })
    this.#upload.onChange(() => this.#hear())
    this.become({ at: this.note.isPaused ? 'paused' : 'waiting' })
    this.#noteDown()
  }

  /** How much of it the house holds, from wherever it was sent. */
  holds(heldBytes: number): void {
    this.note.heldBytes = heldBytes
    this.#changed()
  }

  /** The house says that all of it has arrived, from wherever it was sent. */
  arrived(): void {
    Object.assign(this.note, { isSent: true, heldBytes: this.note.size })
    this.become({ at: 'sent' })
    this.#noteDown()
  }

  /** What a look into the file told. */
  knows({ facts, still }: { facts: Facts; still?: Blob }): void {
    this.note.facts = facts
    if (still && !this.note.cover) this.note.still = still
    this.#changed()
    this.#noteDown()
  }

  /** Begins or goes on; resolves when it stands still. */
  async start(): Promise<void> {
    this.note.isPaused = false
    this.#noteDown()
    await this.#upload?.start()
  }

  /** Goes on when its turn comes. */
  queue(): void {
    this.note.isPaused = false
    this.#noteDown()
    if (this.#upload) this.become({ at: 'waiting' })
  }

  async pause(): Promise<void> {
    this.note.isPaused = true
    this.#noteDown()
    if (isMoving(this.#stage)) await this.#upload?.pause()
    else if (this.#stage.at === 'waiting') this.become({ at: 'paused' })
  }

  /** Out of sight, and not yet gone: it may come back. */
  async leave(): Promise<void> {
    this.note.isLeaving = true
    this.#noteDown()
    if (isMoving(this.#stage)) await this.#upload?.pause()
    this.become({ at: 'leaving' })
  }

  comeBack(): void {
    const { isSent } = this.note
    this.note.isLeaving = false
    if (isSent) this.become({ at: 'sent' })
    else this.become(this.#upload ? { at: 'waiting' } : fileless(this.note))
    this.#noteDown()
  }

  /** Gone from the house; then from the notes. What it has not heard yet, it hears from the next page that is opened. */
  async end(): Promise<void> {
    this.note.isLeaving = true
    await this.#noted()
    await this.#upload?.stop()
    const { api, username, notes, request } = this.#parts
    await giveUp({ api, username, note: this.note, noteDown: () => this.#noted(), request })
    this.#isOver = true
    await notes.forget(this.note.id)
  }

  become(stage: Stage): void {
    const isNew = stage.at !== this.#stage.at
    this.#stage = stage
    if (isNew) this.#changed()
    else this.#late ??= setTimeout(() => this.#changed(), pictureMs)
  }

  #memory(): Memory {
    const { note } = this
    return {
      async find(fingerprint) {
        if (!note.task) return undefined
        if (fingerprint !== note.fingerprint) throw new UploadFailure('changed', 'The file is no longer the one that was begun.')
        return { fingerprint, name: note.fileName, size: note.size, task: note.task, extra: {} }
      },
      keep: async ({ task }) => {
        note.task = task
        await this.#noted()
        this.save()
      },
      forget: async () => {
        delete note.task
        await this.#noted()
      },
      list: () => Promise.resolve([]),
    }
  }

  #hear(): void {
    const { state } = this.#upload ?? {}
    if (!state) return
    if ('heldBytes' in state) this.note.heldBytes = state.heldBytes
    if (state.state === 'done') Object.assign(this.note, { isSent: true, heldBytes: this.note.size })
    // Paused by another device: it stays so until somebody says otherwise.
    if (state.state === 'paused') this.note.isPaused = true
    if (this.note.isLeaving) return
    const before = this.#stage.at
    this.become(toStage(state))
    if (before !== this.#stage.at || performance.now() - this.#notedMs > noteMs) this.#noteDown()
  }

  get #fields(): FilmFields {
    return { ...this.note.fields, password: this.#password }
  }

  async #change(change: Record<string, unknown>): Promise<void> {
    const { api, username } = this.#parts
    await api.send('PATCH', pathOf(username, this.note.videoId ?? ''), change)
    if ('password' in change) this.note.hasPassword = true
    this.#noteDown()
  }

  /** A reload is not to show as unsaved what is saved. */
  #kept(): void {
    this.#changed()
    if (this.#keeper.keeping.state === 'kept') this.#noteDown()
  }

  /** Once the server knows the film, and until it has the picture, or has said that it takes none like it. */
  async #sendCover(): Promise<void> {
    const { cover, videoId } = this.note
    if (!cover || videoId === undefined) return
    let refused: ApiFailure | undefined
    const send = () => this.#parts.api.send('PUT', `/videos/${videoId}/poster/picture`, cover)
    const isHeard = await heard(() => send().catch((error: unknown) => void (refused = toRefusal(error)))).then(
      () => true,
      () => false,
    )
    if (this.note.cover !== cover || !isHeard) return
    delete this.note.cover
    if (refused) {
      this.#coverFailure = refused
      if (this.#stillBefore) this.note.still = this.#stillBefore
      else delete this.note.still
    }
    this.#changed()
    this.#noteDown()
  }

  #noteDown(): void {
    this.#notedMs = performance.now()
    void this.#noted()
  }

  async #noted(): Promise<void> {
    if (this.#isOver) return
    this.note.unsaved = [...this.#unsaved].filter((name) => name !== 'password')
    await this.#parts.notes.keep(this.note).catch(() => undefined)
  }

  #changed(): void {
    clearTimeout(this.#late)
    this.#late = undefined
    this.#view = this.#picture()
    for (const changed of this.#watchers) changed()
  }

  #picture(): FilmView {
    const { id, fileName, size, heldBytes, videoId, hasPassword, still, facts } = this.note
    const { keeping } = this.#keeper
    return {
      id,
      fileName,
      size,
      heldBytes,
      videoId,
      hasPassword,
      still,
      facts,
      fields: this.#fields,
      keeping,
      stage: this.#stage,
      coverFailure: this.#coverFailure,
    }
  }
}

/** What the house has to say against a picture; whatever else went wrong is thrown again. */
function toRefusal(error: unknown): ApiFailure {
  if (error instanceof ApiFailure && [400, 413, 415, 422].includes(error.status ?? 0)) return error
  throw error
}

export const fileless = ({ handle, fingerprint }: Note): Stage => ({
  at: 'fileless',
  why: fingerprint === undefined ? 'elsewhere' : handle ? 'mayAsk' : 'closed',
})
