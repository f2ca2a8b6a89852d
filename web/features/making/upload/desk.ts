import { compareBegun, fingerprintOf, fromFile, type Hashes } from '#uploader/index.ts'
import type { Api } from '#web/lib/api.ts'
import { newFields } from '../fields/film-fields.ts'
import { heldOf, listUnfinished, notesOfOthers, whatBecame } from './begun-elsewhere.ts'
import { fileless, FilmOnItsWay, type FilmParts } from './film-on-its-way.ts'
import type { Chosen } from './gather.ts'
import type { lookInto } from './look-into.ts'
import type { FileHandle, Note, Notes } from './notes.ts'
import { type Hold, holdFilm } from './one-tab.ts'
import { newKey } from './open-at-house.ts'
import { isMoving } from './stage.ts'

export type DeskParts = {
  lookInto: typeof lookInto
  api: Api
  person: { id: string; username: string }
  notes: Notes
  hashes: Hashes
  request?: typeof fetch
}

const lookAgainMs = 1000

/** A film that is there already and is given a file. */
export type Into = Pick<Note, 'fields' | 'hasPassword'> & { videoId: string }

/** What became of a file that was chosen. */
export type Outcome = { name: string; became: 'new' | 'found again' | 'there already' | 'empty' | 'unreadable' }

/** All films of a person that are on their way from this browser: one after another, so that each is whole sooner. */
export class Desk {
  readonly #parts: DeskParts
  readonly #holds = new Map<string, Hold>()
  readonly #watchers = new Set<() => void>()
  #films: readonly FilmOnItsWay[] = []
  /** Also of those that are being given up. */
  readonly #met: Note[] = []
  #looking: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(parts: DeskParts) {
    this.#parts = parts
  }

  /** The same array until one comes, goes or changes its stage. */
  get films(): readonly FilmOnItsWay[] {
    return this.#films
  }

  /** Leaving the page now would interrupt something. */
  get isBusy(): boolean {
    return this.#films.some((film) => isMoving(film.view.stage) || (film.isUnsaved && film.view.videoId !== undefined))
  }

  watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed)
    return () => this.#watchers.delete(changed)
  }

  async open(): Promise<this> {
    const notes = await this.#parts.notes.listOf(this.#parts.person.id)
    await Promise.all(notes.map((note) => this.#takeUp(note)))
    this.#films = this.#films.toSorted((a, b) => a.note.place - b.note.place)
    this.#pump()
    void this.#meetOthers()
    return this
  }

  /** Another page takes over what this one holds. */
  close(): void {
    this.#isClosed = true
    for (const hold of this.#holds.values()) hold.release()
    this.#holds.clear()
  }

  /** What the house knows from other devices: films that were begun there, and what became of those that were begun here. */
  async #meetOthers(): Promise<void> {
    const { api, person } = this.#parts
    const unfinished = await listUnfinished(api)
    if (!unfinished) return
    for await (const note of notesOfOthers(api, person, unfinished, () => this.#met))
      this.#put(new FilmOnItsWay(note, fileless(note), this.#filmParts))
    let isBeingStored = false
    for (const film of this.#films) {
      const { task } = film.note
      if (film.view.stage.at !== 'fileless' || !task) continue
      const there = unfinished.find(({ taskId }) => taskId === task.taskId)
      if (there) {
        film.holds(heldOf(there))
        isBeingStored ||= there.missing.length === 0
        continue
      }
      const became = await whatBecame(api, person, film.note)
      if (film.view.stage.at !== 'fileless') continue
      if (became === 'arrived') film.arrived()
      if (became === 'gone') await this.clear([film])
      isBeingStored ||= became === 'arriving'
    }
    // All of it is there, and the house is about to say what it is: nobody has to give it a file.
    if (isBeingStored && !this.#isClosed) setTimeout(() => void this.#meetOthers(), lookAgainMs)
  }

  async add(chosen: readonly Chosen[], into?: Into): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    for (const one of chosen) {
      const became = await this.#addOne(one, into).catch(() => 'unreadable' as const)
      outcomes.push({ name: one.file.name, became })
    }
    this.#pump()
    return outcomes
  }

  /** For a film whose file the browser does not hand out by itself; false where it is not the file that was begun. */
  async giveFile(film: FilmOnItsWay, { file, handle }: Pick<Chosen, 'file' | 'handle'>): Promise<boolean> {
    const fingerprint = await fingerprintOf(fromFile(file))
    const isRight = await this.#isOf(film, file, fingerprint)
    if (isRight) {
      film.note.isPaused = false
      film.give(file, fingerprint, handle)
      this.#pump()
    } else film.become({ at: 'fileless', why: 'other' })
    return isRight
  }

  /** Asks the browser's owner for leave to open the file again. To be called in a click. */
  async askForFile(film: FilmOnItsWay): Promise<void> {
    const { handle } = film.note
    if (!handle || (await handle.requestPermission?.({ mode: 'read' })) === 'denied') {
      return film.become({ at: 'fileless', why: 'closed' })
    }
    const file = await handle.getFile().catch(() => undefined)
    if (file) await this.giveFile(film, { file, handle })
    else film.become({ at: 'fileless', why: 'closed' })
  }

  async goOn(film: FilmOnItsWay): Promise<void> {
    await film.start()
  }

  async pauseAll(): Promise<void> {
    await Promise.all(this.#films.filter(({ view: { stage } }) => isMoving(stage) || stage.at === 'waiting').map((film) => film.pause()))
  }

  resumeAll(): void {
    for (const film of this.#films) if (film.view.stage.at === 'paused') film.queue()
    this.#pump()
  }

  retryFailed(): void {
    for (const film of this.#films) if (film.view.stage.at === 'failed') film.queue()
    this.#pump()
  }

  /** Out of the list; the films themselves stay. */
  async clear(films: readonly FilmOnItsWay[]): Promise<void> {
    for (const film of films) {
      this.#drop(film)
      await this.#parts.notes.forget(film.note.id)
    }
  }

  /** Given up for good. */
  async end(film: FilmOnItsWay): Promise<void> {
    this.#drop(film)
    await film.end()
  }

  /** Before all that wait. */
  putFirst(film: FilmOnItsWay): void {
    film.note.place = Math.min(...this.#films.map(({ note }) => note.place)) - 1
    this.#films = this.#films.toSorted((a, b) => a.note.place - b.note.place)
    film.queue()
    this.#tell()
  }

  async #addOne({ file, handle }: Chosen, into?: Into): Promise<Outcome['became']> {
    if (file.size === 0) return 'empty'
    const fingerprint = await fingerprintOf(fromFile(file))
    const known = await this.#find(file, fingerprint)
    if (known) {
      if (known.view.stage.at !== 'fileless') return 'there already'
      known.note.isPaused = false
      known.give(file, fingerprint, handle)
      return 'found again'
    }
    const note = this.#newNote(file, fingerprint, into)
    this.#met.push(note)
    const hold = holdFilm(note.id)
    this.#holds.set(note.id, hold)
    await hold.tryNow()
    const film = this.#put(new FilmOnItsWay(note, { at: 'waiting' }, this.#filmParts))
    film.give(file, fingerprint, handle)
    this.#looking = this.#looking.then(async () => {
      const seen = await this.#parts.lookInto(file)
      if (seen) film.knows(seen)
    })
    return 'new'
  }

  async #find(file: File, fingerprint: string): Promise<FilmOnItsWay | undefined> {
    const here = this.#films.filter(({ note }) => !note.isLeaving)
    const known = here.find(({ note }) => note.fingerprint === fingerprint)
    if (known) return known
    for (const film of here) if (film.note.fingerprint === undefined && (await this.#isOf(film, file, fingerprint))) return film
    return undefined
  }

  /** By what the page has noted of the file; for one that was begun elsewhere by what the house holds of it. */
  async #isOf({ note }: FilmOnItsWay, file: File, fingerprint: string): Promise<boolean> {
    if (file.size !== note.size) return false
    if (note.fingerprint !== undefined) return note.fingerprint === fingerprint
    const { task } = note
    if (!task) return false
    const { hashes, request } = this.#parts
    const asked = { source: fromFile(file), task, hashes, signal: new AbortController().signal, ...(request ? { request } : {}) }
    const is = await compareBegun(asked).catch(() => 'other' as const)
    return is === 'same' || (is === 'empty' && file.name === note.fileName)
  }

  #newNote(file: File, fingerprint: string, into?: Into): Note {
    const { password: _, ...fields } = newFields(file.name)
    return {
      id: newKey(),
      accountId: this.#parts.person.id,
      fileName: file.name,
      size: file.size,
      fingerprint,
      addedMs: Date.now(),
      place: Math.max(0, ...this.#films.map(({ note }) => note.place)) + 1,
      fields,
      unsaved: into ? [] : ['title'],
      hasPassword: false,
      isInto: into !== undefined,
      heldBytes: 0,
      isPaused: false,
      isSent: false,
      isLeaving: false,
      ...into,
    }
  }

  /** What an earlier page left; `isHeld` once it is ours. */
  async #takeUp(note: Note, isHeld = false): Promise<void> {
    this.#met.push(note)
    if (!isHeld && !(await this.#hold(note))) return
    const film = new FilmOnItsWay(note, note.isSent ? { at: 'sent' } : fileless(note), this.#filmParts)
    if (note.isLeaving) return void film.end().catch(() => undefined)
    this.#put(film)
    film.save()
    if (note.isSent) return
    const file = await openAgain(note.handle)
    const fingerprint = file && (await fingerprintOf(fromFile(file)).catch(() => undefined))
    if (file && fingerprint !== undefined && fingerprint === note.fingerprint && !film.hasFile) film.give(file, fingerprint, note.handle)
  }

  /** False where another tab has it; this one takes over when that is closed. */
  async #hold(note: Note): Promise<boolean> {
    const hold = holdFilm(note.id)
    this.#holds.set(note.id, hold)
    if (await hold.tryNow()) return true
    const film = this.#put(new FilmOnItsWay(note, { at: 'elsewhere' }, this.#filmParts))
    void hold.wait().then(() => this.#takeOver(film))
    return false
  }

  /** The other tab is gone: its notes say how far it came. */
  async #takeOver(film: FilmOnItsWay): Promise<void> {
    const notes = await this.#parts.notes.listOf(this.#parts.person.id)
    const note = notes.find(({ id }) => id === film.note.id)
    this.#films = this.#films.filter((other) => other !== film)
    if (note) await this.#takeUp(note, true)
    else this.#drop(film)
    this.#films = this.#films.toSorted((a, b) => a.note.place - b.note.place)
    this.#tell()
    this.#pump()
  }

  get #filmParts(): FilmParts {
    const { api, person, notes, hashes, request } = this.#parts
    return { api, username: person.username, notes, hashes, ...(request ? { request } : {}) }
  }

  #put(film: FilmOnItsWay): FilmOnItsWay {
    this.#films = [...this.#films, film]
    let { at } = film.view.stage
    film.watch(() => {
      if (film.view.stage.at === at) return
      at = film.view.stage.at
      this.#tell()
      this.#pump()
    })
    this.#tell()
    return film
  }

  #drop(film: FilmOnItsWay): void {
    this.#films = this.#films.filter((other) => other !== film)
    this.#holds.get(film.note.id)?.release()
    this.#holds.delete(film.note.id)
    this.#tell()
  }

  #pump(): void {
    if (this.#films.some(({ view }) => isMoving(view.stage))) return
    const next = this.#films.find((film) => film.view.stage.at === 'waiting' && film.hasFile)
    void next?.start()
  }

  #tell(): void {
    this.#films = [...this.#films]
    for (const changed of this.#watchers) changed()
  }
}

async function openAgain(handle: FileHandle | undefined): Promise<File | undefined> {
  try {
    return (await handle?.queryPermission?.({ mode: 'read' })) === 'granted' ? await handle?.getFile() : undefined
  } catch {
    return undefined
  }
}
