import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseRangesText } from '#server/lib/byte-ranges.ts'
import { newId } from '#server/lib/id.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Live } from '#server/ports/live.ts'
import type { Videos } from '../videos/index.ts'
import type { BusinessServer } from './business.ts'
import { createLeaving } from './leaving.ts'
import type { Asked } from './open-task.ts'
import { asideOf, isTaken, targetOf } from './places.ts'
import { Refusal } from './refusal.ts'
import type { TaskRow, UploadStore } from './store.ts'
import { createTelling } from './telling.ts'

export type OwnParts = {
  videos: Pick<Videos, 'change' | 'createDraft' | 'dropDraft' | 'uploadBegan' | 'uploadEnded' | 'sourceGrowing' | 'sourceArrived'>
  blobs: Blobs
  clock: Clock
  live: Pick<Live, 'tell'>
  /** Where films arrive: on the file system of the blobs, so that a finished one is taken in by its name alone. */
  folder: string
}
type OpenTask = (asked: Asked) => Promise<TaskRow>
export type OwnFile = { fileName: string; fileSize: number; fileMd5?: string; videoId?: string }
type Parameter = { videoId: string; fileName: string }

/** Matinee's own library, as the first of the business servers: its callback is a call. */
export function createOwnServer({ videos, blobs, clock, live, folder, store }: OwnParts & { store: UploadStore }): BusinessServer {
  const tell = createTelling({ live, clock })
  const leaving = blobs.remote && createLeaving({ remote: blobs.remote, store, blobOf: ownBlobOf })

  return {
    name: 'matinee',
    token: randomBytes(32).toString('hex'),
    notifyUrl: '',
    roots: [folder],
    maxFileSize: 2 ** 41,
    quota: Number.POSITIVE_INFINITY,
    blockLimit: 2 ** 26,
    idleDays: 7,
    // Known bytes are nobody's to have by their digest alone.
    instant: false,
    md5: 'late',
    grew(row) {
      const { videoId } = JSON.parse(row.parameter ?? '{}') as Parameter
      const { id, root, size } = row
      if (row.kind === 'whole')
        videos.sourceGrowing({ videoId, blob: ownBlobOf(row), path: asideOf(root, id), size, held: parseRangesText(row.held) })
    },
    changed(row, { before, aside }) {
      tell(row)
      if (!leaving) return
      // What has left is not what it is now.
      if (before.leaving !== null && row.leaving === null) aside(() => leaving.drop(before))
      aside((signal) => leaving.go(row, signal))
    },
    async hear(row, signal) {
      const { videoId, fileName } = JSON.parse(row.parameter ?? '{}') as Parameter
      if (row.state === 'cancelled') {
        await videos.uploadEnded(videoId)
        await leaving?.drop(row)
      }
      if (row.state !== 'stored') return
      const blob = ownBlobOf(row)
      const path = targetOf({ folder: row.folder, fileName: row.file_name })
      if (!(await isThere(blobs, blob, row.size)) && !(await leaving?.end(row, { path, signal })))
        await takeIn(blobs, { path, blob, signal })
      try {
        await videos.sourceArrived({ videoId, blob, size: row.size, type: typeOf(fileName), sha256: row.sha256 ?? '', fileName })
      } catch (error) {
        if (!(error instanceof Problem) || error.kind !== 'not_found') throw error
        // The video was thrown away while its film arrived.
        await blobs.delete([blob])
      }
      await rm(row.folder, { recursive: true, force: true })
    },
  }
}

/** Where a film of one's own lies once it has arrived. */
export const ownBlobOf = ({ id, parameter }: Pick<TaskRow, 'id' | 'parameter'>): string =>
  `sources/${(JSON.parse(parameter ?? '{}') as Parameter).videoId}/${id}`

export const taskOfBlob = (name: string): number | undefined => {
  const [, id] = /^sources\/[^/]+\/(\d{1,15})$/.exec(name) ?? []
  return id === undefined ? undefined : Number(id)
}

const isThere = async (blobs: Blobs, blob: string, size: number) => (await blobs.find(blob))?.size === size

/** May be repeated: what has been taken in stays, and what has not lies where it was. */
async function takeIn(blobs: Blobs, { path, blob, signal }: { path: string; blob: string; signal: AbortSignal }): Promise<void> {
  if (!(await isTaken(path))) {
    if (await blobs.find(blob)) return
    throw new Error(`the finished file ${path} is gone`)
  }
  try {
    if (blobs.local) return await blobs.local.adopt(path, blob)
  } catch (error) {
    const isElsewhere = error instanceof Error && 'code' in error && error.code === 'EXDEV'
    if (!isElsewhere) throw error
  }
  await blobs.write(blob, createReadStream(path), { signal })
}

export async function openOwn(
  { videos, clock, folder }: OwnParts,
  { viewer, file, open }: { viewer: Viewer; file: OwnFile; open: OpenTask },
): Promise<{ row: TaskRow; videoId: string }> {
  if (viewer.kind !== 'person') throw new Problem('unauthenticated', 'session.needed')
  if (file.videoId !== undefined) await videos.change(viewer, file.videoId)
  const { fileName, fileSize, fileMd5 } = file
  const videoId = file.videoId ?? (await videos.createDraft(viewer.accountId, { title: titleOf(fileName), fileName }))
  try {
    const id = newId(clock.now())
    const feedBackParameter: Parameter = { videoId, fileName }
    const place = { storePath: join(folder, id), fileName: 'film', userId: viewer.accountId }
    // Told first: a film of no bytes has arrived with its opening.
    await videos.uploadBegan(videoId, { fileName, size: fileSize })
    const row = await open({ ...place, fileSize, fileMd5, feedBackParameter })
    return { row, videoId }
  } catch (error) {
    await (file.videoId === undefined ? videos.dropDraft(videoId) : videos.uploadEnded(videoId))
    if (!(error instanceof Refusal)) throw error
    if (error.retCode === '7') throw new Problem('full', 'upload.no_room')
    if (error.retCode === '6') throw new Problem('too_large', 'upload.too_large')
    throw new Problem('invalid', 'upload.refused')
  }
}

export async function listOwn(viewer: Viewer, list: (userId: string) => Promise<TaskRow[]>) {
  if (viewer.kind !== 'person') throw new Problem('unauthenticated', 'session.needed')
  return (await list(viewer.accountId)).map((row) => ({ row, ...(JSON.parse(row.parameter ?? '{}') as Parameter) }))
}

const titleOf = (fileName: string) => fileName.replace(/\.[^.]{1,5}$/, '').slice(0, 200)

const types: Record<string, string> = {
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
  avi: 'video/x-msvideo',
  ts: 'video/mp2t',
}

const typeOf = (fileName: string) => types[/\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream'
