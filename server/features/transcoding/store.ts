import type { Database } from '#server/database/database.ts'
import { type OwedTask, owe } from '#server/database/outbox.ts'
import { locked } from '#server/database/portable.ts'
import { Duplicate } from '#server/database/errors.ts'
import type { RowFacts } from '#server/media/cell/check.ts'
import type { Plan } from '#server/media/plan/plan.ts'
import type { Probe } from '#server/media/plan/probe.ts'
import type { Policy } from './runs.ts'

export type FilmKey = { videoId: string; generation: number }
export type PlannedRow = {
  name: string
  kind: 'video' | 'audio'
  cells: number
  facts: RowFacts
  codec: string
  /** Cells that can not be made, each with what was wrong. */
  quarantined: Record<string, string>
}
export type NewFilm = {
  plan: Plan
  probe: Probe
  policy: Policy
  rows: PlannedRow[]
  /** What cells are cut from, where it is not the source itself. */
  cutBlob: string | null
  /** The FFmpeg that makes it; null: any. */
  maker: string | null
  nowMs: number
}
export type PlannedFilm = Omit<NewFilm, 'nowMs'> & {
  /** Since when nobody but workers with another FFmpeg was asked to go on. */
  strandedMs: number | null
}
/** What there is to see of a film besides itself. */
export type Pictures = {
  /** Named by a stamp, so that an address never changes its picture. */
  poster?: { stamp: string; atMs: number | null; isOwn?: true }
  sheets?: number
  hasPreview?: boolean
  /** All that there is besides the rows has been looked for. */
  isDressed?: true
}

export type TranscodingStore = ReturnType<typeof createTranscodingStore>

type KeptFacts = RowFacts & { codec: string }

export function createTranscodingStore(db: Database<'video' | 'video_plan' | 'video_row' | 'video_text'>) {
  return {
    findSource: (videoId: string) =>
      db.primary
        .selectFrom('video')
        .select(['generation', 'source_blob', 'source_size', 'state'])
        .where('id', '=', videoId)
        .where('deleted_ms', 'is', null)
        .executeTakeFirst(),

    async findFilm({ videoId, generation }: FilmKey): Promise<PlannedFilm | undefined> {
      const key = { video_id: videoId, generation }
      const at = db.primary.selectFrom('video_plan').select(['plan', 'probe', 'policy', 'cut_blob', 'maker', 'stranded_ms'])
      const film = await at.where('video_id', '=', key.video_id).where('generation', '=', generation).executeTakeFirst()
      if (!film) return undefined
      const rows = await db.primary
        .selectFrom('video_row')
        .select(['name', 'kind', 'cells', 'facts', 'quarantined'])
        .where('video_id', '=', videoId)
        .where('generation', '=', generation)
        .execute()
      return {
        plan: JSON.parse(film.plan) as Plan,
        probe: JSON.parse(film.probe) as Probe,
        policy: film.policy as Policy,
        cutBlob: film.cut_blob,
        maker: film.maker,
        strandedMs: film.stranded_ms,
        rows: rows.map(toRow),
      }
    },

    /** Written once: whoever comes second finds the first one's. */
    async addFilm(key: FilmKey, film: NewFilm): Promise<void> {
      const ids = { video_id: key.videoId, generation: key.generation }
      const { plan, probe, policy, maker, nowMs } = film
      const texts = { plan: JSON.stringify(plan), probe: JSON.stringify(probe) }
      const rows = film.rows.map(({ name, kind, cells, facts, codec }) => ({
        ...ids,
        name,
        kind,
        cells,
        done: 0,
        init_sha256: facts.initSha256,
        facts: JSON.stringify({ ...facts, codec }),
        quarantined: '{}',
      }))
      try {
        await db.commit([
          db.build.insertInto('video_plan').values({ ...ids, ...texts, policy, maker, created_ms: nowMs, cut_blob: film.cutBlob }),
          ...rows.map((row) => db.build.insertInto('video_row').values(row)),
        ])
      } catch (error) {
        if (!(error instanceof Duplicate)) throw error
      }
    },

    /** Since when it waits for the FFmpeg that began it: the first moment counts. Null: it waits no longer. */
    async strand({ videoId, generation }: FilmKey, atMs: number | null): Promise<void> {
      const update = db.build.updateTable('video_plan').set({ stranded_ms: atMs }).where('video_id', '=', videoId)
      await db.commit([update.where('generation', '=', generation).where('stranded_ms', atMs === null ? 'is not' : 'is', null)])
    },

    /** The video is gone, and its files with it. */
    async forget(videoId: string): Promise<void> {
      await db.commit([
        db.build.deleteFrom('video_row').where('video_id', '=', videoId),
        db.build.deleteFrom('video_plan').where('video_id', '=', videoId),
      ])
    },

    /** What could not be made is tried again. */
    pardon: async ({ videoId, generation }: FilmKey, row: string): Promise<void> =>
      void (await db.commit([
        db.build
          .updateTable('video_row')
          .set({ quarantined: '{}' })
          .where('video_id', '=', videoId)
          .where('generation', '=', generation)
          .where('name', '=', row),
      ])),

    /** Films of sources that have been replaced by one that is planned since then. */
    async listOutdated(beforeMs: number, limit: number): Promise<FilmKey[]> {
      const rows = await db.primary
        .selectFrom('video_plan as old')
        .innerJoin('video', 'video.id', 'old.video_id')
        .innerJoin('video_plan as now', (join) =>
          join.onRef('now.video_id', '=', 'video.id').onRef('now.generation', '=', 'video.generation'),
        )
        .select(['old.video_id as videoId', 'old.generation as generation'])
        .whereRef('old.generation', '<', 'video.generation')
        .where('now.created_ms', '<', beforeMs)
        .orderBy('old.video_id')
        .limit(limit)
        .execute()
      return rows
    },

    /** Films that are ready and have their original yet. */
    async listOriginals(after: string, limit: number): Promise<(FilmKey & { blob: string })[]> {
      const rows = await db.primary
        .selectFrom('video')
        .select(['id as videoId', 'generation', 'source_blob as blob'])
        .where('state', '=', 'ready')
        .where('source_blob', 'is not', null)
        .where('deleted_ms', 'is', null)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(({ blob, ...key }) => ({ ...key, blob: blob ?? '' }))
    },

    async forgetGeneration({ videoId, generation }: FilmKey): Promise<void> {
      await db.commit([
        db.build.deleteFrom('video_row').where('video_id', '=', videoId).where('generation', '=', generation),
        db.build.deleteFrom('video_text').where('video_id', '=', videoId).where('generation', '=', generation),
        db.build.deleteFrom('video_plan').where('video_id', '=', videoId).where('generation', '=', generation),
      ])
    },

    owe: async (...tasks: readonly OwedTask[]): Promise<void> => void (await db.commit(tasks.map(owe))),

    async findPictures({ videoId, generation }: FilmKey): Promise<Pictures> {
      const at = db.primary.selectFrom('video_plan').select('pictures').where('video_id', '=', videoId)
      const kept = await at.where('generation', '=', generation).executeTakeFirst()
      return kept?.pictures ? (JSON.parse(kept.pictures) as Pictures) : {}
    },

    /** Answers what was there before. */
    async changePictures({ videoId, generation }: FilmKey, change: (pictures: Pictures) => Pictures): Promise<Pictures | undefined> {
      return await db.transaction(async (trx) => {
        const at = trx.selectFrom('video_plan').select('pictures').where('video_id', '=', videoId).where('generation', '=', generation)
        const kept = await locked(db.dialect, at).executeTakeFirst()
        if (!kept) return undefined
        const before = kept.pictures ? (JSON.parse(kept.pictures) as Pictures) : {}
        const set = { pictures: JSON.stringify(change(before)) }
        await trx.updateTable('video_plan').set(set).where('video_id', '=', videoId).where('generation', '=', generation).execute()
        return before
      })
    },

    /** How many films of the same owner came before this one and are not ready yet: people take turns, not files. */
    async countBefore(videoId: string): Promise<number> {
      const row = await db.primary
        .selectFrom('video as other')
        .innerJoin('video as one', 'one.owner_id', 'other.owner_id')
        .select((eb) => eb.fn.countAll<number>().as('films'))
        .where('one.id', '=', videoId)
        .where('other.id', '<', videoId)
        .where('other.state', 'in', ['processing', 'playable'])
        .where('other.deleted_ms', 'is', null)
        .executeTakeFirst()
      return Number(row?.films ?? 0)
    },

    async quarantinedIn({ videoId, generation }: FilmKey, row: string): Promise<Record<string, string>> {
      const at = db.primary.selectFrom('video_row').select('quarantined').where('video_id', '=', videoId)
      const kept = await at.where('generation', '=', generation).where('name', '=', row).executeTakeFirst()
      return kept ? (JSON.parse(kept.quarantined) as Record<string, string>) : {}
    },

    /** Cells that can not be made, each with its reason. */
    async quarantine({ videoId, generation }: FilmKey, cells: readonly { row: string; cell: number; why: string }[]): Promise<void> {
      await db.transaction(async (trx) => {
        for (const { row, cell, why } of cells) {
          const there = trx
            .selectFrom('video_row')
            .select('quarantined')
            .where('video_id', '=', videoId)
            .where('generation', '=', generation)
            .where('name', '=', row)
          const kept = await locked(db.dialect, there).executeTakeFirst()
          if (!kept) continue
          const known = JSON.parse(kept.quarantined) as Record<string, string>
          await trx
            .updateTable('video_row')
            .set({ quarantined: JSON.stringify({ ...known, [cell]: why.slice(0, 500) }) })
            .where('video_id', '=', videoId)
            .where('generation', '=', generation)
            .where('name', '=', row)
            .execute()
        }
      })
    },
  }
}

function toRow(row: { name: string; kind: string; cells: number; facts: string; quarantined: string }): PlannedRow {
  const { codec, ...kept } = JSON.parse(row.facts) as KeptFacts
  const quarantined = JSON.parse(row.quarantined) as Record<string, string>
  return { name: row.name, kind: row.kind === 'audio' ? 'audio' : 'video', cells: row.cells, facts: kept, codec, quarantined }
}
