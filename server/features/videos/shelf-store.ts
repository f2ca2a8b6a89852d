import { expressionBuilder, sql } from 'kysely'
import type { Database, Value } from '#server/database/database.ts'
import { keyset, pageOf } from '#server/database/keyset.ts'
import type { Tables } from '#server/database/tables.ts'
import type { VideoRow } from './store.ts'

type Names = 'video' | 'video_tag' | 'video_figure' | 'video_mark' | 'watch' | 'follow'
export type ShelfStore = ReturnType<typeof createShelfStore>
export type FigureRow = Tables['video_figure']

/** To whom a list is shown: what is in one for strangers may be seen by everybody. */
export type Audience = 'public' | 'members'

export type Shelf = { audience: Audience; nowMs: number; limit: number }
type Walk = Shelf & { after: readonly Value[] | undefined }

const visibilities = { public: ['public'], members: ['public', 'members'] } as const satisfies Record<Audience, VideoRow['visibility'][]>

/** Skeletons: the ids of what may be listed, each by one walk along an index; and the rows that go with ids. */
export function createShelfStore(db: Database<Names>) {
  const eb = expressionBuilder<Pick<Tables, Names>, 'video'>()
  const isListable = ({ audience, nowMs }: Pick<Shelf, 'audience' | 'nowMs'>) =>
    eb.and([
      eb('video.deleted_ms', 'is', null),
      eb('video.published_ms', '<=', nowMs),
      eb('video.visibility', 'in', visibilities[audience]),
      eb('video.state', 'in', ['playable', 'ready']),
    ])
  const listable = (shelf: Pick<Shelf, 'audience' | 'nowMs'>) => db.read.selectFrom('video').where(isListable(shelf))

  /** The index of figures leads, said by `cross`, which SQLite never turns round: each of its rows looks for its video. */
  async function byFigure(column: 'hot' | 'views', { after, limit, ...shelf }: Walk) {
    const query = db.read
      .selectFrom('video_figure as figure')
      .crossJoin('video')
      .whereRef('video.id', '=', 'figure.video_id')
      .where(isListable(shelf))
      .select(['figure.video_id as id', `figure.${column} as figure`])
    const by = [[`figure.${column}`, 'desc'] as const, ['figure.video_id', 'desc'] as const]
    return pageOf(await keyset(query, { by, after, limit }).execute(), limit, (row) => [row.figure, row.id])
  }

  return {
    async newest({ after, limit, ...shelf }: Walk) {
      const query = listable(shelf).select(['video.id', 'video.published_ms'])
      const by = [['video.published_ms', 'desc'] as const, ['video.id', 'desc'] as const]
      return pageOf(await keyset(query, { by, after, limit }).execute(), limit, (row) => [row.published_ms, row.id])
    },

    /** What the house shows first, the latest word first; some of it may not be for everybody, and the rules drop it. */
    async featured(limit: number): Promise<string[]> {
      const all = db.read.selectFrom('video').select('id').where('featured_ms', '>', 0)
      const rows = await all.orderBy('featured_ms', 'desc').limit(limit).execute()
      return rows.map(({ id }) => id)
    },

    hottest: (walk: Walk) => byFigure('hot', walk),
    mostViewed: (walk: Walk) => byFigure('views', walk),

    async tagged(key: string, { after, limit, ...shelf }: Walk) {
      const query = db.read
        .selectFrom('video_tag as tag')
        .crossJoin('video')
        .whereRef('video.id', '=', 'tag.video_id')
        .where(isListable(shelf))
        .where('tag.tag_key', '=', key)
        .select(['tag.video_id as id'])
      return pageOf(await keyset(query, { by: [['tag.video_id', 'desc']], after, limit }).execute(), limit, (row) => [row.id])
    },

    /** Out, to be found, and nobody has been told: those that came out first. */
    async unannounced(nowMs: number, limit: number) {
      const due = db.primary
        .selectFrom('video')
        .where(isListable({ audience: 'members', nowMs }))
        .where('video.announced_ms', 'is', null)
      const rows = await due
        .select(['video.id', 'video.owner_id', 'video.published_ms'])
        .orderBy('video.published_ms')
        .limit(limit)
        .execute()
      return rows.map(({ id, owner_id, published_ms }) => ({ id, ownerId: owner_id, publishedMs: published_ms ?? 0 }))
    },

    async announced(id: string, nowMs: number): Promise<void> {
      await db.commit([db.build.updateTable('video').set({ announced_ms: nowMs }).where('id', '=', id)])
    },

    /** When the first of them came out; undefined where there is none. */
    async firstPublished(shelf: Pick<Shelf, 'audience' | 'nowMs'>): Promise<number | undefined> {
      const row = await listable(shelf).select('video.published_ms').orderBy('video.published_ms').limit(1).executeTakeFirst()
      return row?.published_ms ?? undefined
    },

    async publishedBetween(fromMs: number, toMs: number, { limit, ...shelf }: Shelf): Promise<{ id: string; updatedMs: number }[]> {
      const rows = await listable(shelf)
        .where('video.published_ms', '>=', fromMs)
        .where('video.published_ms', '<', toMs)
        .select(['video.id', 'video.updated_ms'])
        .orderBy('video.published_ms')
        .limit(limit)
        .execute()
      return rows.map(({ id, updated_ms }) => ({ id, updatedMs: updated_ms }))
    },

    /** Of the people whom somebody follows, since a moment: what is older they find there. */
    async followed(followerId: string, sinceMs: number, { limit, ...shelf }: Shelf): Promise<string[]> {
      const rows = await listable(shelf)
        .innerJoin('follow', 'follow.followed_id', 'video.owner_id')
        .where('follow.follower_id', '=', followerId)
        .where('video.published_ms', '>=', sinceMs)
        .select('video.id')
        .orderBy('video.published_ms', 'desc')
        .orderBy('video.id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => id)
    },

    async ofOwner(ownerId: string, { limit, ...shelf }: Shelf): Promise<string[]> {
      const all = listable(shelf).where('video.owner_id', '=', ownerId).select('video.id')
      const rows = await all.orderBy('video.published_ms', 'desc').orderBy('video.id', 'desc').limit(limit).execute()
      return rows.map(({ id }) => id)
    },

    /** Begun and not finished, what was seen last first. */
    async begun(accountId: string, limit: number): Promise<string[]> {
      const all = db.primary.selectFrom('watch').select('video_id').where('account_id', '=', accountId).where('is_finished', '=', 0)
      const rows = await all.orderBy('seen_ms', 'desc').orderBy('video_id', 'desc').limit(limit).execute()
      return rows.map(({ video_id }) => video_id)
    },

    async favourites(accountId: string, after: readonly Value[] | undefined, limit: number) {
      const all = db.primary
        .selectFrom('video_mark')
        .select(['video_id', 'created_ms'])
        .where('account_id', '=', accountId)
        .where('kind', '=', 'favourite')
      const by = [['created_ms', 'desc'] as const, ['video_id', 'desc'] as const]
      return pageOf(await keyset(all, { by, after, limit }).execute(), limit, (row) => [row.created_ms, row.video_id])
    },

    /** The tags that most of these have. */
    async commonTags(ids: readonly string[], least: number, limit: number): Promise<{ key: string; label: string }[]> {
      if (ids.length === 0) return []
      const count = sql<number>`count(*)`
      const rows = await db.read
        .selectFrom('video_tag')
        .select(['tag_key', (eb) => eb.fn.min('label').as('label')])
        .where('video_id', 'in', ids)
        .groupBy('tag_key')
        .having(count, '>=', least)
        .orderBy(count, 'desc')
        .orderBy('tag_key')
        .limit(limit)
        .execute()
      return rows.map(({ tag_key, label }) => ({ key: tag_key, label: String(label) }))
    },

    async tagKeys(videoId: string): Promise<string[]> {
      const rows = await db.read.selectFrom('video_tag').select('tag_key').where('video_id', '=', videoId).orderBy('place').execute()
      return rows.map(({ tag_key }) => tag_key)
    },

    /** As one film writes it. */
    async labelOf(key: string, videoId: string): Promise<string | undefined> {
      const all = db.read.selectFrom('video_tag').select('label').where('video_id', '=', videoId)
      return (await all.where('tag_key', '=', key).executeTakeFirst())?.label
    },

    async rows(ids: readonly string[]): Promise<Map<string, VideoRow>> {
      if (ids.length === 0) return new Map()
      const rows = await db.read.selectFrom('video').selectAll().where('id', 'in', ids).where('deleted_ms', 'is', null).execute()
      return new Map(rows.map((row) => [row.id, row]))
    },

    async figures(ids: readonly string[]): Promise<Map<string, FigureRow>> {
      if (ids.length === 0) return new Map()
      const rows = await db.read.selectFrom('video_figure').selectAll().where('video_id', 'in', ids).execute()
      return new Map(rows.map((row) => [row.video_id, row]))
    },

    /** Of whoever looks: where they stopped. */
    async progress(accountId: string, ids: readonly string[]): Promise<Map<string, number>> {
      if (ids.length === 0) return new Map()
      const own = db.primary.selectFrom('watch').select(['video_id', 'at_ms']).where('account_id', '=', accountId)
      return new Map((await own.where('video_id', 'in', ids).execute()).map((row) => [row.video_id, row.at_ms]))
    },

    async marks(accountId: string, ids: readonly string[]): Promise<Set<string>> {
      if (ids.length === 0) return new Set()
      const own = db.primary.selectFrom('video_mark').select(['kind', 'video_id']).where('account_id', '=', accountId)
      const rows = await own.where('kind', 'in', ['like', 'favourite']).where('video_id', 'in', ids).execute()
      return new Set(rows.map(({ kind, video_id }) => `${kind} ${video_id}`))
    },
  }
}
