import { type RawBuilder, sql } from 'kysely'
import type { Database } from '#server/database/database.ts'
import { type OwedTask, owe, oweIn } from '#server/database/outbox.ts'
import { Unexpected } from '#server/database/errors.ts'
import { greater, locked } from '#server/database/portable.ts'
import type { Tables } from '#server/database/tables.ts'

export type { OwedTask }
export type VideoStore = ReturnType<typeof createVideoStore>
export type VideoRow = Tables['video']

export type Source = { videoId: string; blob: string; size: number; type: string; sha256: string; fileName: string }

/** What has become of a source; what is left out stays as it was. */
export type Growth = {
  videoId: string
  generation: number
  state?: 'processing' | 'playable' | 'ready' | 'failed'
  failure?: { code: string; log?: string }
  cellsDone?: number
  cellsPlanned?: number
  /** Null: unknown again. */
  secondsLeft?: number | null
  facts?: {
    durationMs?: number
    width?: number
    height?: number
    thumbhash?: string
    gainDb?: number
    chapters?: readonly { startMs: number; title: string }[]
    /** There is a poster, or another one. */
    hasNewPoster?: boolean
  }
}

export function createVideoStore(db: Database<'video' | 'video_figure'>) {
  // Asked with every cell of a film.
  const findOne = db.prepareRead(
    (from, { id }: { id: string }) => from.selectFrom('video').selectAll().where('id', '=', id).where('deleted_ms', 'is', null),
    { from: 'primary' },
  )
  return {
    async add(draft: {
      id: string
      ownerId: string
      title: string
      description: string
      fileName: string | null
      nowMs: number
    }): Promise<void> {
      const { id, ownerId, title, description, fileName, nowMs } = draft
      const values = { id, owner_id: ownerId, title, description, file_name: fileName, created_ms: nowMs, updated_ms: nowMs }
      const figures = { video_id: id, views: 0, own_views: 0, likes: 0, favourites: 0, hot: 0, counted_ms: nowMs }
      await db.commit([
        db.build.insertInto('video').values({ ...emptyVideo, ...values }),
        db.build.insertInto('video_figure').values(figures),
      ])
    },

    /** One that was made a moment ago, of which nobody has heard. */
    async dropDraft(id: string): Promise<void> {
      await db.commit([
        db.build.deleteFrom('video_figure').where('video_id', '=', id),
        db.build.deleteFrom('video').where('id', '=', id).where('state', 'in', ['draft', 'uploading']).where('source_blob', 'is', null),
      ])
    },

    find: async (id: string): Promise<VideoRow | undefined> => (await findOne({ id }))[0],

    async some(ids: readonly string[]): Promise<VideoRow[]> {
      if (ids.length === 0) return []
      return db.primary.selectFrom('video').selectAll().where('id', 'in', ids).where('deleted_ms', 'is', null).execute()
    },

    /** Those that have a source, page by page. */
    async listWithSource(after: string | undefined, limit: number): Promise<string[]> {
      const rows = db.primary.selectFrom('video').select('id').where('source_blob', 'is not', null).where('deleted_ms', 'is', null)
      const rest = after === undefined ? rows : rows.where('id', '>', after)
      return (await rest.orderBy('id').limit(limit).execute()).map(({ id }) => id)
    },

    /** Whether it was in one of these states, and is there. */
    async move(id: string, from: readonly VideoRow['state'][], to: Partial<VideoRow>): Promise<boolean> {
      const update = db.build.updateTable('video').set(to).where('id', '=', id).where('deleted_ms', 'is', null)
      const [outcome] = await db.commit([update.where('state', 'in', from)])
      return outcome?.rows === 1
    },

    /** The file is gone; what was made of it stays. */
    async dropSource(id: string, generation: number): Promise<void> {
      await db.commit([db.build.updateTable('video').set({ source_blob: null }).where('id', '=', id).where('generation', '=', generation)])
    },

    async skipGeneration(id: string, generation: number): Promise<void> {
      const update = db.build.updateTable('video').set({ generation }).where('id', '=', id).where('generation', '<', generation)
      await db.commit([update.where('state', 'in', ['draft', 'uploading', 'failed'])])
    },

    /** The generation of this source, and what is owed for it in the same commit; undefined where the video is gone. */
    async putSource(
      source: Source & { isAgain?: true },
      nowMs: number,
      owed: (generation: number) => readonly OwedTask[],
    ): Promise<number | undefined> {
      return db.transaction(async (trx) => {
        const there = trx.selectFrom('video').selectAll().where('id', '=', source.videoId).where('deleted_ms', 'is', null)
        const row = await locked(db.dialect, there).executeTakeFirst()
        if (!row) return undefined
        // It may be told twice: the name of the blob says that it is the same arrival.
        if (!source.isAgain && row.source_blob === source.blob && row.source_sha256 === source.sha256) return row.generation
        const generation = row.generation + 1
        await trx
          .updateTable('video')
          .set({ ...toSource(source), state: 'processing', generation, updated_ms: nowMs })
          .where('id', '=', row.id)
          .execute()
        for (const task of owed(generation)) await oweIn(trx, task)
        return generation
      })
    },

    /** False for what is told of a source that is no longer the present one. Counts of cells never shrink. */
    async grow(growth: Growth, nowMs: number, owed: readonly OwedTask[]): Promise<boolean> {
      const { videoId, generation, state, failure, cellsDone, cellsPlanned, secondsLeft, facts = {} } = growth
      const update = db.build
        .updateTable('video')
        .set((eb) => ({
          updated_ms: nowMs,
          ...(state === undefined ? {} : { state }),
          ...(state === 'playable' || state === 'ready' ? { published_ms: outSince(nowMs, { from: 'state' }) } : {}),
          ...(failure === undefined ? {} : { failure_code: failure.code, failure_log: failure.log ?? null }),
          ...(cellsDone === undefined ? {} : { cells_done: greater(db.dialect, eb.ref('cells_done'), eb.val(cellsDone)) }),
          ...(cellsPlanned === undefined ? {} : { cells_planned: cellsPlanned }),
          ...(facts.durationMs === undefined ? {} : { duration_ms: facts.durationMs }),
          ...(facts.width === undefined ? {} : { width: facts.width }),
          ...(facts.height === undefined ? {} : { height: facts.height }),
          ...(facts.thumbhash === undefined ? {} : { thumbhash: facts.thumbhash }),
          ...(facts.gainDb === undefined ? {} : { gain_cb: Math.round(facts.gainDb * 100) }),
          ...(facts.chapters === undefined ? {} : { chapters: JSON.stringify(facts.chapters) }),
          ...(secondsLeft === undefined ? {} : { seconds_left: secondsLeft }),
          ...(facts.hasNewPoster ? { poster_revision: eb('poster_revision', '+', 1) } : {}),
        }))
        .where('id', '=', videoId)
        .where('generation', '=', generation)
        .where('deleted_ms', 'is', null)
      try {
        await db.commit([{ query: update, rows: 1 }, ...owed.map((task) => owe(task))])
        return true
      } catch (error) {
        if (error instanceof Unexpected) return false
        throw error
      }
    },
  }
}

/**
 * When others could see it first. Decided by the row as it stands when it is written: whether a film becomes playable first or visible first, the
 * second of the two sees the other.
 */
export function outSince(nowMs: number, { from }: { from: 'state' | 'visibility' }): RawBuilder<number | null> {
  const isOther = from === 'state' ? sql`visibility <> 'private'` : sql`state in ('playable', 'ready')`
  return sql<number | null>`case when published_ms is null and ${isOther} then coalesce(publish_ms, ${nowMs}) else published_ms end`
}

const emptyVideo: Omit<VideoRow, 'id' | 'owner_id' | 'title' | 'file_name' | 'created_ms' | 'updated_ms'> = {
  description: '',
  visibility: 'private',
  password_hash: null,
  publish_ms: null,
  state: 'draft',
  failure_code: null,
  failure_log: null,
  duration_ms: null,
  width: null,
  height: null,
  source_blob: null,
  source_size: null,
  source_type: null,
  source_sha256: null,
  generation: 0,
  cells_done: 0,
  cells_planned: 0,
  poster_revision: 0,
  thumbhash: null,
  language: null,
  gain_cb: null,
  chapters: null,
  seconds_left: null,
  published_ms: null,
  announced_ms: null,
  is_danmaku_on: 1,
  comment_rule: 'open',
  slow_mode_s: 0,
  own_chapters: null,
  marks: null,
  people: null,
  year: null,
  is_downloadable: 0,
  embedding: 'everybody',
  embed_sites: null,
  blocked_words: null,
  held_visibility: null,
  gone_ms: null,
  featured_ms: null,
  deleted_ms: null,
}

function toSource({ blob, size, type, sha256, fileName }: Source): Partial<VideoRow> {
  return {
    source_blob: blob,
    source_size: size,
    source_type: type,
    source_sha256: sha256,
    file_name: fileName,
    failure_code: null,
    failure_log: null,
    cells_done: 0,
    cells_planned: 0,
    seconds_left: null,
  }
}
