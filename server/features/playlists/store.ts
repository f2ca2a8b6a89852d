import { expressionBuilder, type Transaction } from 'kysely'
import type { Database, Value } from '#server/database/database.ts'
import { keyset, pageOf } from '#server/database/keyset.ts'
import { insertMissing, locked } from '#server/database/portable.ts'
import type { Tables } from '#server/database/tables.ts'
import { placeBetween, step } from './places.ts'

type Names = 'playlist' | 'playlist_item' | 'video' | 'account'
type Trx = Transaction<Pick<Tables, Names>>
export type PlaylistStore = ReturnType<typeof createPlaylistStore>
export type PlaylistRow = Tables['playlist']
export type ItemRow = Pick<Tables['playlist_item'], 'video_id' | 'place' | 'season' | 'part'>

/** Who looks: what is in lists for everybody or for members, and, of one's own list, what one may see without finding it. */
export type Look = { audience: 'public' | 'members'; nowMs: number; ownId?: string | undefined; isOwnList: boolean }

export const mostItems = 2000
export const mostLists = 500

export type Put = {
  playlistId: string
  isSeries: boolean
  videoId: string
  after: string | null | undefined
  season?: number | null
  part?: number | null
}
export type PutOutcome = 'done' | 'full' | 'no neighbour'

export function createPlaylistStore(db: Database<Names>) {
  const eb = expressionBuilder<Pick<Tables, Names>, 'video'>()
  const isSeen = ({ audience, nowMs, ownId, isOwnList }: Look) => {
    const visibilities = [...(audience === 'members' ? (['public', 'members'] as const) : (['public'] as const))]
    const found = eb.and([
      eb('video.state', 'in', ['playable', 'ready']),
      eb('video.published_ms', '<=', nowMs),
      eb('video.visibility', 'in', isOwnList ? [...visibilities, 'unlisted' as const] : visibilities),
    ])
    return eb.and([eb('video.deleted_ms', 'is', null), ownId === undefined ? found : eb.or([found, eb('video.owner_id', '=', ownId)])])
  }

  const items = (playlistId: string, look: Look) =>
    db.primary
      .selectFrom('playlist_item as item')
      .crossJoin('video')
      .whereRef('video.id', '=', 'item.video_id')
      .where('item.playlist_id', '=', playlistId)
      .where(isSeen(look))
      .select(['item.video_id', 'item.place', 'item.season', 'item.part'])

  async function dealAnew(trx: Trx, playlistId: string, order: readonly string[]): Promise<void> {
    for (const [place, videoId] of order.entries())
      await trx
        .updateTable('playlist_item')
        .set({ place: place * step })
        .where('playlist_id', '=', playlistId)
        .where('video_id', '=', videoId)
        .execute()
  }

  return {
    find: (id: string): Promise<PlaylistRow | undefined> =>
      db.primary.selectFrom('playlist').selectAll().where('id', '=', id).executeTakeFirst(),

    findLater: (ownerId: string): Promise<PlaylistRow | undefined> =>
      db.primary.selectFrom('playlist').selectAll().where('owner_id', '=', ownerId).where('slot', '=', 'later').executeTakeFirst(),

    async add(row: PlaylistRow): Promise<void> {
      await db.commit([insertMissing(db.dialect, db.build.insertInto('playlist').values(row))])
    },

    async change(id: string, set: Partial<PlaylistRow>): Promise<void> {
      await db.commit([db.build.updateTable('playlist').set(set).where('id', '=', id)])
    },

    async remove(id: string): Promise<void> {
      await db.commit([
        db.build.deleteFrom('playlist_item').where('playlist_id', '=', id),
        db.build.deleteFrom('playlist').where('id', '=', id),
      ])
    },

    async listOf(ownerId: string, only: { isPublic: boolean }, after: readonly Value[] | undefined, limit: number) {
      let all = db.primary.selectFrom('playlist').selectAll().where('owner_id', '=', ownerId)
      if (only.isPublic) all = all.where('visibility', '=', 'public')
      const by = [['updated_ms', 'desc'] as const, ['id', 'desc'] as const]
      return pageOf(await keyset(all, { by, after, limit }).execute(), limit, (row) => [row.updated_ms, row.id])
    },

    /** A list that holds both keeps the one that stays where it is. */
    async moveSome({ from, into }: { from: string; into: string }, limit: number): Promise<boolean> {
      const rows = await db.primary.selectFrom('playlist_item').selectAll().where('video_id', '=', from).limit(limit).execute()
      if (rows.length === 0) return false
      const lists = rows.map(({ playlist_id }) => playlist_id)
      await db.commit([
        insertMissing(db.dialect, db.build.insertInto('playlist_item').values(rows.map((row) => ({ ...row, video_id: into })))),
        db.build.deleteFrom('playlist_item').where('video_id', '=', from).where('playlist_id', 'in', lists),
      ])
      return true
    },

    async countOf(ownerId: string): Promise<number> {
      const all = db.primary.selectFrom('playlist').select((from) => from.fn.countAll().as('count'))
      return Number((await all.where('owner_id', '=', ownerId).executeTakeFirst())?.count ?? 0)
    },

    async countItems(playlistId: string, look: Look): Promise<number> {
      const all = items(playlistId, look).clearSelect()
      return Number((await all.select((from) => from.fn.countAll().as('count')).executeTakeFirst())?.count ?? 0)
    },

    async page(playlistId: string, look: Look, after: readonly Value[] | undefined, limit: number) {
      const by = [['item.place', 'asc'] as const, ['item.video_id', 'asc'] as const]
      const rows: ItemRow[] = await keyset(items(playlistId, look), { by, after, limit }).execute()
      return pageOf(rows, limit, (row) => [row.place, row.video_id])
    },

    item: (playlistId: string, videoId: string, look: Look): Promise<ItemRow | undefined> =>
      items(playlistId, look).where('item.video_id', '=', videoId).executeTakeFirst(),

    neighbour(playlistId: string, place: number, which: 'previous' | 'next', look: Look): Promise<ItemRow | undefined> {
      const all = items(playlistId, look).where('item.place', which === 'next' ? '>' : '<', place)
      return all
        .orderBy('item.place', which === 'next' ? 'asc' : 'desc')
        .limit(1)
        .executeTakeFirst()
    },

    /** The series that a film belongs to, the oldest where there are several. */
    seriesOf: (videoId: string): Promise<PlaylistRow[]> =>
      db.primary
        .selectFrom('playlist_item as item')
        .crossJoin('playlist')
        .whereRef('playlist.id', '=', 'item.playlist_id')
        .selectAll('playlist')
        .where('item.video_id', '=', videoId)
        .where('item.is_series', '=', 1)
        .orderBy('item.playlist_id')
        .limit(20)
        .execute(),

    async holding(ids: readonly string[], videoId: string): Promise<Set<string>> {
      if (ids.length === 0) return new Set()
      const all = db.primary.selectFrom('playlist_item').select('playlist_id').where('video_id', '=', videoId)
      return new Set((await all.where('playlist_id', 'in', ids).execute()).map(({ playlist_id }) => playlist_id))
    },

    /** Where it is said to stand; left out: where it is, or at the end. Those who move films of one list wait for each other. */
    put: ({ playlistId, isSeries, videoId, after, season, part }: Put, nowMs: number): Promise<PutOutcome> =>
      db.transaction(async (trx) => {
        await locked(db.dialect, trx.selectFrom('playlist').select('id').where('id', '=', playlistId)).executeTakeFirst()
        const all = trx.selectFrom('playlist_item').selectAll().where('playlist_id', '=', playlistId)
        const rows = await all.orderBy('place').orderBy('video_id').execute()
        const known = rows.find((row) => row.video_id === videoId)
        const others = rows.filter((row) => row.video_id !== videoId)
        if (!known && others.length >= mostItems) return 'full'
        const isStaying = after === undefined && known !== undefined
        const before = after === null ? -1 : after === undefined ? others.length - 1 : others.findIndex((row) => row.video_id === after)
        if (typeof after === 'string' && before === -1) return 'no neighbour'
        const place = isStaying ? known.place : placeBetween(others[before]?.place, others[before + 1]?.place)
        const numbers = { ...(season === undefined ? {} : { season }), ...(part === undefined ? {} : { part }) }
        if (known) {
          const own = trx.updateTable('playlist_item').where('playlist_id', '=', playlistId).where('video_id', '=', videoId)
          await own.set({ place: place ?? 0, ...numbers }).execute()
        } else {
          const row = {
            playlist_id: playlistId,
            video_id: videoId,
            is_series: isSeries ? 1 : 0,
            place: place ?? 0,
            season: season ?? null,
            part: part ?? null,
          }
          await trx.insertInto('playlist_item').values(row).execute()
        }
        if (place === undefined) {
          const ids = others.map((row) => row.video_id)
          await dealAnew(trx, playlistId, [...ids.slice(0, before + 1), videoId, ...ids.slice(before + 1)])
        }
        await trx.updateTable('playlist').set({ updated_ms: nowMs }).where('id', '=', playlistId).execute()
        return 'done'
      }),

    async take(playlistId: string, videoId: string, nowMs: number): Promise<boolean> {
      const [outcome] = await db.commit([
        db.build.deleteFrom('playlist_item').where('playlist_id', '=', playlistId).where('video_id', '=', videoId),
        db.build.updateTable('playlist').set({ updated_ms: nowMs }).where('id', '=', playlistId),
      ])
      return outcome?.rows === 1
    },

    async people(ids: readonly string[]) {
      if (ids.length === 0) return new Map<string, Pick<Tables['account'], 'id' | 'name' | 'display_name' | 'avatar'>>()
      const all = db.read
        .selectFrom('account')
        .select(['id', 'name', 'display_name', 'avatar'])
        .where('id', 'in', [...new Set(ids)])
      return new Map((await all.where('state', '<>', 'closed').execute()).map((row) => [row.id, row]))
    },

    async removeAllOf(ownerId: string): Promise<void> {
      const ids = (await db.primary.selectFrom('playlist').select('id').where('owner_id', '=', ownerId).execute()).map(({ id }) => id)
      for (const id of ids) await this.remove(id)
    },
  }
}
