import type { UploadTask } from '#uploader/index.ts'
import type { Video } from '#shared/api/videos.ts'
import type { Api } from '#web/lib/api.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { pathOf } from './give-up.ts'
import type { Note } from './notes.ts'
import { newKey } from './open-at-house.ts'

type Unfinished = UploadTask & {
  videoId: string
  fileName: string
  fileSize: number
  missing: { startByte: number; endByte: number }[]
  startedAt: string
}
type Person = { id: string; username: string }
/** What the house holds of films that are not complete, as far as it can be asked now. */
export async function listUnfinished(api: Api): Promise<readonly Unfinished[] | undefined> {
  return await api.get<{ items: Unfinished[] }>('/uploads').then(
    ({ items }) => items,
    () => undefined,
  )
}

export const heldOf = ({ fileSize, missing }: Unfinished): number =>
  fileSize - missing.reduce((sum, { startByte, endByte }) => sum + endByte - startByte, 0)

/** Films that were begun on other devices: nobody here knows of them yet. `known` is asked again after every wait. */
export async function* notesOfOthers(api: Api, person: Person, unfinished: readonly Unfinished[], known: () => readonly Note[]) {
  for (const one of unfinished) {
    if (isKnown(one, known())) continue
    const video = await api.get<Video>(pathOf(person.username, one.videoId)).catch(() => undefined)
    if (video && !isKnown(one, known())) yield toNote(one, video, person)
  }
}

function isKnown({ taskId, videoId, fileName, fileSize }: Unfinished, known: readonly Note[]): boolean {
  return known.some((note) => {
    // Its opening is on its way: which task it will be is not known yet.
    const isOpening = note.openingKey !== undefined && note.fileName === fileName && note.size === fileSize
    return isOpening || note.task?.taskId === taskId || note.videoId === videoId
  })
}

function toNote({ missing, ...one }: Unfinished, video: Video, person: Person): Note {
  const { title, description, tags, visibility, generation } = video
  const { taskId, uploadUrl, blocksUrl, stateUrl } = one
  return {
    id: newKey(),
    accountId: person.id,
    fileName: one.fileName,
    size: one.fileSize,
    addedMs: Date.parse(one.startedAt),
    place: Date.parse(one.startedAt),
    fields: { title, description, tags, visibility },
    unsaved: [],
    hasPassword: visibility === 'password',
    videoId: one.videoId,
    isInto: generation > 0,
    task: { taskId, uploadUrl, blocksUrl, stateUrl },
    heldBytes: heldOf({ ...one, missing }),
    isPaused: false,
    isSent: false,
    isLeaving: false,
  }
}

/** What became of a film whose task the house no longer has among the unfinished ones. */
export async function whatBecame(api: Api, { username }: Person, { videoId }: Note): Promise<'arrived' | 'arriving' | 'gone' | 'unknown'> {
  if (videoId === undefined) return 'unknown'
  try {
    const { generation, state } = await api.get<Video>(pathOf(username, videoId))
    if (state === 'uploading') return 'arriving'
    return generation > 0 ? 'arrived' : 'unknown'
  } catch (error) {
    return error instanceof ApiFailure && error.status === 404 ? 'gone' : 'unknown'
  }
}
