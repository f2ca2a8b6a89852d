import { backoffMs, type UploadParts, type UploadTask, waitFor, whenAwake } from '#uploader/index.ts'
import type { Api } from '#web/lib/api.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import type { Note } from './notes.ts'

type Opened = UploadTask & { videoId: string; tusUrl?: string }
type Parts = { api: Api; note: Note; noteDown(): Promise<void> }

/** Asks the house for a task, until it answers: the key makes it one task and one draft, however often it is asked. */
export function openAtHouse({ api, note, noteDown }: Parts): UploadParts['open'] {
  return async ({ name, size }, signal, onTrouble) => {
    const idempotencyKey = (note.openingKey ??= newKey())
    await noteDown()
    for (let failures = 1; ; failures++) {
      try {
        const body = { fileName: name.slice(0, 255), fileSize: size, ...(note.videoId === undefined ? {} : { videoId: note.videoId }) }
        const opened = await api.send<Opened>('POST', '/uploads', body, { signal, idempotencyKey })
        delete note.openingKey
        note.videoId = opened.videoId
        const { taskId, uploadUrl, blocksUrl, stateUrl } = opened
        return { task: { taskId, uploadUrl, blocksUrl, stateUrl } }
      } catch (error) {
        if (!mayPass(error)) throw error
        onTrouble?.({ kind: isLost(error) ? 'line' : 'busy', words: '' })
        await waitFor(backoffMs(failures), signal, whenAwake)
      }
    }
  }
}

const isLost = (error: unknown) => error instanceof ApiFailure && error.status === undefined

/** Also an opening that was asked for before, and is still being answered. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof ApiFailure)) return false
  return error.status === undefined || [429, 502, 503, 504].includes(error.status) || error.code === 'http.idempotency_key_running'
}

/** Not of `crypto.randomUUID`, which plain HTTP lacks. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
