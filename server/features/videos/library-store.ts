import { sql } from 'kysely'
import { commitIfExpected } from '#server/database/commit-if-expected.ts'
import type { Database, Statement, Value } from '#server/database/database.ts'
import { keyset, pageOf } from '#server/database/keyset.ts'
import { contains } from '#server/database/portable.ts'
import { owe } from '#server/database/outbox.ts'
import type { Tables } from '#server/database/tables.ts'
import { outSince, type VideoRow } from './store.ts'

export type { Statement }
export type LibraryStore = ReturnType<typeof createLibraryStore>
export type OwnerRow = Pick<Tables['account'], 'id' | 'name' | 'display_name' | 'avatar'>
export type Tag = { key: string; label: string }

export type Sort = 'new' | 'old' | 'views' | 'title'
type Listing = {
  ownerId: string
  after: readonly Value[] | undefined
  limit: number
  sort?: Sort
  state?: VideoRow['state'] | undefined
  visibility?: VideoRow['visibility'] | undefined
  q?: string | undefined
}

const out = ['playable', 'ready'] as const
const orders: Record<Sort, (readonly [string, 'asc' | 'desc'])[]> = {
  new: [['video.id', 'desc']],
  old: [['video.id', 'asc']],
  views: [
    ['figure.views', 'desc'],
    ['video.id', 'desc'],
  ],
  title: [
    ['video.title', 'asc'],
    ['video.id', 'asc'],
  ],
}

/** When a deed is done, and what is written together with it. */
export type Deed = { nowMs: number; also?: readonly Statement[] }

/** Everything that goes follows from this task. */
export const sweepKind = 'videos.sweep'
/** Runs for an account that was closed. */
export const closedKind = 'videos.closed'

export function createLibraryStore(db: Database<'video' | 'video_tag' | 'video_figure' | 'video_alias' | 'account'>) {
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
    async list(
      { ownerId, after, limit, sort = 'new', ...only }: Listing,
      shown?: { visibilities: readonly VideoRow['visibility'][]; nowMs: number },
    ) {
      let query = db.read
        .selectFrom('video')
        .innerJoin('video_figure as figure', 'figure.video_id', 'video.id')
        .selectAll('video')
        .select('figure.views')
        .where('owner_id', '=', ownerId)
        .where('deleted_ms', 'is', null)
      if (shown)
        query = query.where('visibility', 'in', shown.visibilities).where('state', 'in', out).where('published_ms', '<=', shown.nowMs)
      if (only.state) query = query.where('state', '=', only.state)
      if (only.visibility) query = query.where('visibility', '=', only.visibility)
      if (only.q) query = query.where(contains(sql.ref('title'), only.q))
      const rows = await keyset(query, { by: orders[sort], after, limit }).execute()
      return pageOf(rows, limit, (row) => (sort === 'views' ? [row.views, row.id] : sort === 'title' ? [row.title, row.id] : [row.id]))
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
    async change(id: string, set: Partial<VideoRow>, tags: readonly Tag[] | undefined, { nowMs, also = [] }: Deed): Promise<void> {
      const isShown = set.visibility !== undefined && set.visibility !== 'private'
      const out =
        typeof set.publish_ms === 'number'
          ? { published_ms: set.publish_ms }
          : isShown
            ? { published_ms: outSince(nowMs, { from: 'visibility' }) }
            : {}
      const update = db.build
        .updateTable('video')
        .set({ ...set, ...out })
        .where('id', '=', id)
        .where('deleted_ms', 'is', null)
      await db.commit([{ query: update, rows: 1 }, ...(tags ? tagStatements(id, tags) : []), ...also])
    },

    /** What others may not see, whatever its owner says, or may again. False: it is so already. */
    async hide(id: string, isHidden: boolean, { nowMs, also = [] }: Deed): Promise<boolean> {
      const row = await db.primary.selectFrom('video').selectAll().where('id', '=', id).where('deleted_ms', 'is', null).executeTakeFirst()
      if (!row || (row.held_visibility !== null) === isHidden) return false
      const set = isHidden
        ? { visibility: 'private' as const, held_visibility: row.visibility }
        : { visibility: row.held_visibility ?? row.visibility, held_visibility: null }
      const update = db.build
        .updateTable('video')
        .set({ ...set, updated_ms: nowMs })
        .where('id', '=', id)
        .where('deleted_ms', 'is', null)
      const unchanged = isHidden ? update.where('held_visibility', 'is', null) : update.where('held_visibility', 'is not', null)
      return commitIfExpected(db, [{ query: unchanged.where('visibility', '=', row.visibility), rows: 1 }, ...also])
    },

    /** Gone from everywhere with this commit, and for good at `goneMs`. False: it was gone already. */
    async throwAway(id: string, goneMs: number, { nowMs, also = [] }: Deed): Promise<boolean> {
      const update = db.build
        .updateTable('video')
        .set({ deleted_ms: nowMs, gone_ms: goneMs, updated_ms: nowMs })
        .where('id', '=', id)
        .where('deleted_ms', 'is', null)
      return commitIfExpected(db, [{ query: update, rows: 1 }, ...(goneMs <= nowMs ? [sweepNow()] : []), ...also])
    },

    /** Somebody had second thoughts about second thoughts. */
    async goNow(id: string, nowMs: number): Promise<void> {
      const update = db.build.updateTable('video').set({ gone_ms: nowMs }).where('id', '=', id).where('deleted_ms', 'is not', null)
      await db.commit([update, sweepNow()])
    },

    findThrownAway: (id: string, nowMs: number): Promise<VideoRow | undefined> =>
      db.primary.selectFrom('video').selectAll().where('id', '=', id).where('gone_ms', '>', nowMs).executeTakeFirst(),

    /** Those of an owner that can still be had back, what was thrown away last first. */
    thrownAwayBy: (ownerId: string, sinceMs: number, nowMs: number): Promise<VideoRow[]> =>
      db.primary
        .selectFrom('video')
        .selectAll()
        .where('owner_id', '=', ownerId)
        .where('deleted_ms', '>', sinceMs)
        .where('gone_ms', '>', nowMs)
        .orderBy('deleted_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(200)
        .execute(),

    /** False: too late. */
    async restore(id: string, { nowMs, also = [] }: Deed): Promise<boolean> {
      const update = db.build
        .updateTable('video')
        .set({ deleted_ms: null, gone_ms: null, updated_ms: nowMs })
        .where('id', '=', id)
        .where('gone_ms', '>', nowMs)
      return commitIfExpected(db, [{ query: update, rows: 1 }, ...also])
    },

    /** Which film stands for one that became one with it. */
    async keptInstead(id: string): Promise<string | undefined> {
      return (await db.read.selectFrom('video_alias').select('video_id').where('id', '=', id).executeTakeFirst())?.video_id
    },

    /** Those too that could still be had back. */
    async throwAwayAllOf(ownerId: string, nowMs: number): Promise<void> {
      const update = db.build
        .updateTable('video')
        .set({ deleted_ms: nowMs, gone_ms: nowMs, updated_ms: nowMs })
        .where('owner_id', '=', ownerId)
        .where((eb) => eb.or([eb('gone_ms', 'is', null), eb('gone_ms', '>', nowMs)]))
      await db.commit([update, sweepNow()])
    },

    async idsOf(ownerId: string): Promise<string[]> {
      const all = db.primary.selectFrom('video').select('id').where('owner_id', '=', ownerId)
      return (await all.where('deleted_ms', 'is', null).execute()).map(({ id }) => id)
    },

    async count(ownerId: string): Promise<number> {
      const all = db.primary.selectFrom('video').select((eb) => eb.fn.countAll().as('count'))
      const row = await all.where('owner_id', '=', ownerId).where('deleted_ms', 'is', null).executeTakeFirst()
      return Number(row?.count ?? 0)
    },

    async listThrownAway(nowMs: number, after: string | undefined, limit: number): Promise<string[]> {
      const rows = await db.primary
        .selectFrom('video')
        .select('id')
        .where('gone_ms', '<=', nowMs)
        .where('id', '>', after ?? '')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => id)
    },

    async forget(id: string): Promise<void> {
      await db.commit([db.build.deleteFrom('video').where('id', '=', id).where('gone_ms', 'is not', null)])
    },
  }
}
