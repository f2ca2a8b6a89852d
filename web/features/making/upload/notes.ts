import type { UploadTask } from '#uploader/index.ts'
import type { FieldName, FilmFields } from '../fields/film-fields.ts'

/** A file that the browser lets a page open again after a reload, once its owner says yes. */
export type FileHandle = {
  readonly kind: 'file'
  readonly name: string
  getFile(): Promise<File>
  queryPermission?(how: { mode: 'read' }): Promise<PermissionState>
  requestPermission?(how: { mode: 'read' }): Promise<PermissionState>
}

export type Facts = { durationMs: number; width: number; height: number }

/** What is known of a film that is on its way, so that it outlives the page: what was typed, how far it has come, where its file lies. */
export type Note = {
  id: string
  accountId: string
  fileName: string
  size: number
  /** Of a film that was begun on another device nobody here has seen the file yet. */
  fingerprint?: string
  addedMs: number
  /** Smaller ones go first. */
  place: number
  fields: Omit<FilmFields, 'password'>
  /** Typed and not yet with the server. */
  unsaved: FieldName[]
  hasPassword: boolean
  videoId?: string
  /** A film that was there before: giving up the upload does not take it away. */
  isInto: boolean
  task?: UploadTask
  /** Under which the opening was asked for and has not been answered: asked again, it is the same opening. */
  openingKey?: string
  heldBytes: number
  isPaused: boolean
  isSent: boolean
  /** Thrown away, and the server not told yet. */
  isLeaving: boolean
  handle?: FileHandle
  still?: Blob
  /** Chosen, and not with the server yet. */
  cover?: Blob
  facts?: Facts
}

export type Notes = {
  listOf(accountId: string): Promise<Note[]>
  keep(note: Note): Promise<void>
  forget(id: string): Promise<void>
}

const storeName = 'films'

/** In the browser's own database. Where that is forbidden (private windows), notes last as long as the page. */
export async function openNotes(factory: IDBFactory | undefined = globalThis.indexedDB): Promise<Notes> {
  try {
    return notesIn(await openDatabase(factory))
  } catch {
    return notesOfNow()
  }
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  const asked = factory.open('matinee-uploads', 1)
  asked.onupgradeneeded = () => asked.result.createObjectStore(storeName, { keyPath: 'id' }).createIndex('accountId', 'accountId')
  return answerOf(asked)
}

function notesIn(database: IDBDatabase): Notes {
  // Another tab may want a newer shape of it.
  database.onversionchange = () => database.close()
  const store = (mode: IDBTransactionMode) => database.transaction(storeName, mode).objectStore(storeName)
  return {
    listOf: async (accountId) => {
      const notes = await answerOf(store('readonly').index('accountId').getAll(accountId) as IDBRequest<Note[]>)
      return notes.sort((a, b) => a.place - b.place)
    },
    keep: async (note) => void (await answerOf(store('readwrite').put(note))),
    forget: (id) => answerOf(store('readwrite').delete(id)),
  }
}

function notesOfNow(): Notes {
  const notes = new Map<string, Note>()
  return {
    listOf: (accountId) => Promise.resolve([...notes.values()].filter((note) => note.accountId === accountId)),
    keep: (note) => Promise.resolve(void notes.set(note.id, note)),
    forget: (id) => Promise.resolve(void notes.delete(id)),
  }
}

function answerOf<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error ?? new Error('The notes cannot be reached.'))
  })
}
