import { backoffMs, cancelTask, LineBroke, UploadFailure, waitFor, whenAwake } from '#uploader/index.ts'
import type { Api } from '#web/lib/api.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import type { Note } from './notes.ts'
import { mayPass, openAtHouse } from './open-at-house.ts'

type Parts = { api: Api; username: string; note: Note; noteDown(): Promise<void>; request?: typeof fetch | undefined }

/**
 * Takes from the house what is given up here: the bytes of the task, and the draft that was made for it, also where the last byte arrived
 * meanwhile. Asked until the house has heard; where it refuses to listen (nobody is signed in any more), the note stays for another day.
 */
export async function giveUp(parts: Parts): Promise<void> {
  const { api, username, note, request } = parts
  if (note.openingKey !== undefined) await heard(() => learn(parts))
  const { task, videoId, isInto, isSent } = note
  if (videoId !== undefined && !isInto) await heard(() => api.send('DELETE', `${pathOf(username, videoId)}?now=true`))
  if (task && !isSent) await heard(() => cancelTask(task, request))
}

/** The opening was asked for, and its answer never came: asked again under its key, it tells what was made. */
async function learn({ api, note, noteDown }: Parts): Promise<void> {
  const { task } = await openAtHouse({ api, note, noteDown })({ name: note.fileName, size: note.size }, new AbortController().signal)
  note.task = task
  await noteDown()
}

/** Asks until there is an answer, whatever it says of the thing itself. */
export async function heard(act: () => Promise<unknown>): Promise<void> {
  for (let failures = 1; ; failures++) {
    try {
      await act()
      return
    } catch (error) {
      const isPassing = error instanceof LineBroke || mayPass(error)
      if (!isPassing && isGone(error)) return
      if (!isPassing) throw error
      const askedMs = error instanceof LineBroke ? error.retryAfterMs : undefined
      await waitFor(askedMs ?? backoffMs(failures), new AbortController().signal, whenAwake)
    }
  }
}

/** Somebody else was quicker, or there never was anything. */
function isGone(error: unknown): boolean {
  if (error instanceof UploadFailure) return true
  const status = error instanceof ApiFailure ? (error.status ?? 0) : 0
  return status === 507 || (status >= 400 && status < 500 && ![401, 403].includes(status))
}

export const pathOf = (username: string, videoId: string) => `/user/${encodeURIComponent(username)}/videos/${videoId}`
