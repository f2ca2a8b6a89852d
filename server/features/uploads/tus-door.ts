import { join } from 'node:path'
import { newId } from '#server/lib/id.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Asked, Manner } from './open-task.ts'
import { openOwn, type OwnParts } from './own.ts'
import { refuse } from './refusal.ts'
import type { UploadService } from './service.ts'
import type { TaskRow } from './store.ts'

export type TusParts = OwnParts & { open(asked: Asked, manner?: Manner): Promise<TaskRow> }
/** What a client of tus asks for: a film, bytes of one, or a film of such bytes. `told`: what it wants to be told again. */
export type TusWish = { fileName: string; videoId: string | undefined; told: Told } & (
  | { kind: 'film'; size: number }
  | { kind: 'part'; size: number }
  | { kind: 'joined'; parts: readonly number[] }
)
export type Told = { metadata?: string; concat?: string }
export type TusDoor = { create(viewer: Viewer, wish: TusWish): Promise<TaskRow>; toldOf(row: TaskRow): Told }

/** How people of this Matinee open uploads by tus. All that follows is the one core. */
export function createTusDoor(parts: TusParts, service: UploadService): TusDoor {
  async function openPart(viewer: Viewer, size: number): Promise<TaskRow> {
    if (viewer.kind !== 'person') throw new Problem('unauthenticated', 'session.needed')
    const storePath = join(parts.folder, newId(parts.clock.now()))
    return await parts.open({ storePath, fileName: 'part', userId: viewer.accountId, fileSize: size }, { kind: 'part' })
  }

  async function openFilm(viewer: Viewer, { fileName, videoId, told }: TusWish, { size, joined }: { size: number; joined: TaskRow[] }) {
    const tus = JSON.stringify(told)
    const open = (asked: Asked) => parts.open(asked, joined.length > 0 ? { parts: joined, tus } : { tus })
    const file = { fileName, fileSize: size, ...(videoId === undefined ? {} : { videoId }) }
    return (await openOwn(parts, { viewer, open, file })).row
  }

  /** Parts are of the same person, and all their bytes are there. */
  async function partsOf(viewer: Viewer, ids: readonly number[]): Promise<TaskRow[]> {
    if (viewer.kind !== 'person') throw new Problem('unauthenticated', 'session.needed')
    const rows = await Promise.all(ids.map((id) => service.get(id)))
    const isOne = (row: TaskRow) => row.kind === 'part' && row.user_id === viewer.accountId
    if (!rows.every(isOne) || new Set(ids).size !== ids.length)
      refuse('request', 'Only partial uploads of your own can be joined, each once.', 400)
    if (!rows.every(({ state }) => state === 'verifying')) refuse('request', 'A partial upload is not complete.', 400)
    return rows
  }

  return {
    async create(viewer, wish) {
      if (wish.kind === 'part') return await openPart(viewer, wish.size)
      if (wish.kind === 'film') return await openFilm(viewer, wish, { size: wish.size, joined: [] })
      const joined = await partsOf(viewer, wish.parts)
      return await openFilm(viewer, wish, { size: joined.reduce((sum, { size }) => sum + size, 0), joined })
    },
    toldOf: ({ tus }) => JSON.parse(tus ?? '{}') as Told,
  }
}
