import { type SqlBool, sql } from 'kysely'
import { commitIfExpected } from '#server/database/commit-if-expected.ts'
import type { Database, Statement } from '#server/database/database.ts'
import { keyset } from '#server/database/keyset.ts'
import { owe } from '#server/database/outbox.ts'
import type { Tables } from '#server/database/tables.ts'

export type CurationStore = ReturnType<typeof createCurationStore>
export type VideoRow = Tables['video']

type Given = { nowMs: number; entry: Statement; told: Parameters<typeof owe>[0] }

const mostTwins = 21

/** Moves everything that belongs to one film to another. */
export const mergeKind = 'videos.merge'
/** Everything that goes follows from it; see features/videos. */
const sweepKind = 'videos.sweep'

export function createCurationStore(db: Database<'video' | 'video_alias' | 'playlist_item'>) {
  const there = () => db.primary.selectFrom('video').selectAll().where('deleted_ms', 'is', null)
  const change = (id: string, set: Partial<VideoRow>) =>
    db.build.updateTable('video').set(set).where('id', '=', id).where('deleted_ms', 'is', null)

  return {
    find: (id: string): Promise<VideoRow | undefined> => there().where('id', '=', id).executeTakeFirst(),

    /** By age alone: everything else is asked of the index of the search. One more than the limit, where there are more. */
    page: (direction: 'asc' | 'desc', after: string | undefined, limit: number): Promise<VideoRow[]> =>
      // By the primary key: of few films it is known that they are gone, and an index that says so would have to be sorted.
      keyset(db.primary.selectFrom('video').selectAll().where(sql<SqlBool>`coalesce(deleted_ms, 0) = 0`), {
        by: [['id', direction]],
        after: after === undefined ? undefined : [after],
        limit,
      }).execute(),

    async rows(ids: readonly string[]): Promise<VideoRow[]> {
      if (ids.length === 0) return []
      const rows = new Map((await there().where('id', 'in', ids).execute()).map((row) => [row.id, row]))
      return ids.flatMap((id) => rows.get(id) ?? [])
    },

    /** How many films came from each of these files; of very many, some. */
    async twins(hashes: readonly string[]): Promise<Map<string, number>> {
      const counts = [...new Set(hashes)].map(async (hash): Promise<[string, number]> => {
        const all = db.read.selectFrom('video').select('deleted_ms').where('source_sha256', '=', hash)
        return [hash, (await all.limit(mostTwins).execute()).filter(({ deleted_ms }) => deleted_ms === null).length]
      })
      return new Map(await Promise.all(counts))
    },

    feature: (id: string, sinceMs: number | null, { nowMs, entry }: { nowMs: number; entry: Statement }): Promise<boolean> =>
      commitIfExpected(db, [{ query: change(id, { featured_ms: sinceMs, updated_ms: nowMs }), rows: 1 }, entry]),

    /** Also out of what only its owner may put it into: a series is of films of one person. */
    handOver: (row: VideoRow, toId: string, { nowMs, entry, told }: Given): Promise<boolean> => {
      const update = change(row.id, { owner_id: toId, updated_ms: nowMs }).where('owner_id', '=', row.owner_id)
      const leaving = db.build.deleteFrom('playlist_item').where('video_id', '=', row.id).where('is_series', '=', 1)
      return commitIfExpected(db, [{ query: update, rows: 1 }, leaving, entry, owe(told)])
    },

    /** The one is gone from everywhere with this commit, and its address leads to the other; what belongs to it follows. */
    merge: ({ from, into }: { from: string; into: string }, { nowMs, entry }: { nowMs: number; entry: Statement }): Promise<boolean> =>
      commitIfExpected(db, [
        { query: change(from, { deleted_ms: nowMs, updated_ms: nowMs }), rows: 1 },
        { query: change(into, { updated_ms: nowMs }), rows: 1 },
        db.build.updateTable('video_alias').set({ video_id: into }).where('video_id', '=', from),
        db.build.insertInto('video_alias').values({ id: from, video_id: into, made_ms: nowMs }),
        entry,
        owe({ kind: mergeKind, payload: { from, into } }),
      ]),

    /** Everything has been moved: its files go now. */
    async goNow(id: string, nowMs: number): Promise<void> {
      const update = db.build.updateTable('video').set({ gone_ms: nowMs }).where('id', '=', id).where('deleted_ms', 'is not', null)
      await db.commit([update, owe({ kind: sweepKind, payload: {}, key: sweepKind })])
    },
  }
}
