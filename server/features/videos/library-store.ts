import type { Database, Statement } from '#server/database/database.ts'
import { keyset, pageOf } from '#server/database/keyset.ts'
import { owe } from '#server/database/outbox.ts'
import type { Tables } from '#server/database/tables.ts'
import type { VideoRow } from './store.ts'

export type LibraryStore = ReturnType<typeof createLibraryStore>
export type OwnerRow = Pick<Tables['account'], 'id' | 'name' | 'display_name' | 'avatar'>
export type Tag = { key: string; label: string }

type Listing = { ownerId: string; after: string | undefined; limit: number }

/** Everything that goes follows from this task. */
export const sweepKind = 'videos.sweep'
/** Runs for an account that was closed. */
export const closedKind = 'videos.closed'

export function createLibraryStore(db: Database<'video' | 'video_tag' | 'account'>) {
  const tagStatements = (videoId: string, tags: readonly Tag[]): Statement[] => [
    db.build.deleteFrom('video_tag').where('video_id', '=', videoId),
    ...(tags.length === 0
      ? []
      : [
          db.build.insertInto('video_tag').values(tags.map(({ key, label }, place) => ({ video_id: videoId, tag_key: key, label, place }))),
        ]),
  ]
  const sweepNow = () => owe({ kind: sweepKind, payload: {}, key: sweepKind })

  return {
    /** All of an owner's that are there, newest first; `shown` narrows to what others may be shown. */
    async list({ ownerId, after, limit }: Listing, shown?: { visibilities: readonly VideoRow['visibility'][]; nowMs: number }) {
      const all = db.read.selectFrom('video').selectAll().where('owner_id', '=', ownerId).where('deleted_ms', 'is', null)
      const query = !shown
        ? all
        : all
            .where('visibility', 'in', shown.visibilities)
            .where('state', 'in', ['playable', 'ready'])
            .where((eb) => eb.or([eb('publish_ms', 'is', null), eb('publish_ms', '<=', shown.nowMs)]))
      const rows = await keyset(query, { by: [['id', 'desc']], after: after === undefined ? undefined : [after], limit }).execute()
      return pageOf(rows, limit, (row) => [row.id])
    },

    async owners(ids: readonly string[]): Promise<Map<string, OwnerRow>> {
      if (ids.length === 0) return new Map()
      const rows = await db.read.selectFrom('account').select(['id', 'name', 'display_name', 'avatar']).where('id', 'in', ids).execute()
      return new Map(rows.map((row) => [row.id, row]))
    },

    async tags(ids: readonly string[]): Promise<Map<string, string[]>> {
      if (ids.length === 0) return new Map()
      const rows = await db.primary.selectFrom('video_tag').selectAll().where('video_id', 'in', ids).orderBy('place').execute()
      return new Map(ids.map((id) => [id, rows.filter((row) => row.video_id === id).map(({ label }) => label)]))
    },

    /** All or none; `Unexpected` where the video is gone. */
    async change(id: string, set: Partial<VideoRow>, tags: readonly Tag[] | undefined): Promise<void> {
      const update = db.build.updateTable('video').set(set).where('id', '=', id).where('deleted_ms', 'is', null)
      await db.commit([{ query: update, rows: 1 }, ...(tags ? tagStatements(id, tags) : [])])
    },

    /** Gone from everywhere with this commit; what it leaves behind is owed. False: it was gone already. */
    async throwAway(id: string, nowMs: number): Promise<boolean> {
      const update = db.build.updateTable('video').set({ deleted_ms: nowMs }).where('id', '=', id).where('deleted_ms', 'is', null)
      const [outcome] = await db.commit([update, sweepNow()])
      return outcome?.rows === 1
    },

    async throwAwayAllOf(ownerId: string, nowMs: number): Promise<void> {
      const update = db.build
        .updateTable('video')
        .set({ deleted_ms: nowMs })
        .where('owner_id', '=', ownerId)
        .where('deleted_ms', 'is', null)
      await db.commit([update, sweepNow()])
    },

    async count(ownerId: string): Promise<number> {
      const all = db.primary.selectFrom('video').select((eb) => eb.fn.countAll().as('count'))
      const row = await all.where('owner_id', '=', ownerId).where('deleted_ms', 'is', null).executeTakeFirst()
      return Number(row?.count ?? 0)
    },

    async listThrownAway(after: string | undefined, limit: number): Promise<string[]> {
      const rows = await db.primary
        .selectFrom('video')
        .select('id')
        .where('deleted_ms', 'is not', null)
        .where('id', '>', after ?? '')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => id)
    },

    async forget(id: string): Promise<void> {
      await db.commit([db.build.deleteFrom('video').where('id', '=', id).where('deleted_ms', 'is not', null)])
    },
  }
}
