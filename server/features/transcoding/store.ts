import type { Database } from '#server/database/database.ts'
import { type OwedTask, owe } from '#server/database/outbox.ts'
import { locked } from '#server/database/portable.ts'
import { Duplicate } from '#server/database/errors.ts'
import type { RowFacts } from '#server/media/cell/check.ts'
import type { Plan } from '#server/media/plan/plan.ts'
import type { Policy } from './runs.ts'

export type FilmKey = { videoId: string; generation: number }
export type PlannedRow = { name: string; kind: 'video' | 'audio'; cells: number; facts: RowFacts; codec: string }
export type PlannedFilm = { plan: Plan; policy: Policy; rows: PlannedRow[] }
export type TranscodingStore = ReturnType<typeof createTranscodingStore>

type KeptFacts = RowFacts & { codec: string }

export function createTranscodingStore(db: Database<'video' | 'video_plan' | 'video_row'>) {
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
      const at = db.primary.selectFrom('video_plan').select(['plan', 'policy'])
      const film = await at.where('video_id', '=', key.video_id).where('generation', '=', generation).executeTakeFirst()
      if (!film) return undefined
      const rows = await db.primary
        .selectFrom('video_row')
        .select(['name', 'kind', 'cells', 'facts'])
        .where('video_id', '=', videoId)
        .where('generation', '=', generation)
        .execute()
      return { plan: JSON.parse(film.plan) as Plan, policy: film.policy as Policy, rows: rows.map(toRow) }
    },

    /** Written once: whoever comes second finds the first one's. */
    async addFilm(key: FilmKey, film: PlannedFilm & { probe: unknown; nowMs: number }, owed: OwedTask): Promise<void> {
      const ids = { video_id: key.videoId, generation: key.generation }
      const { plan, probe, policy, nowMs } = film
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
          db.build.insertInto('video_plan').values({ ...ids, ...texts, policy, created_ms: nowMs }),
          ...rows.map((row) => db.build.insertInto('video_row').values(row)),
          owe(owed),
        ])
      } catch (error) {
        if (!(error instanceof Duplicate)) throw error
      }
    },

    owe: async (task: OwedTask): Promise<void> => void (await db.commit([owe(task)])),

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

function toRow({ name, kind, cells, facts }: { name: string; kind: string; cells: number; facts: string }): PlannedRow {
  const { codec, ...kept } = JSON.parse(facts) as KeptFacts
  return { name, kind: kind === 'audio' ? 'audio' : 'video', cells, facts: kept, codec }
}
