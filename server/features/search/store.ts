import { sql } from 'kysely'
import type { Database } from '#server/database/database.ts'
import { beginsWith } from '#server/database/portable.ts'
import { addSaid, removeSaid, saidMatches, type SaidRow, type SaidTerm } from '#server/database/said.ts'
import type { Tables } from '#server/database/tables.ts'
import type { FilmRow } from './film.ts'

export type { SaidTerm }
export type SearchStore = ReturnType<typeof createSearchStore>
export type PersonRow = Pick<Tables['account'], 'id' | 'name' | 'display_name' | 'avatar' | 'audience'>

const fewIds = 100
const mostTexts = 64

export function createSearchStore(db: Database<'video' | 'video_tag' | 'video_figure' | 'video_text' | 'said' | 'account'>) {
  const films = () =>
    db.primary
      .selectFrom('video')
      .innerJoin('account', 'account.id', 'video.owner_id')
      .innerJoin('video_figure', 'video_figure.video_id', 'video.id')
      .select([
        'video.id',
        'video.title',
        'video.description',
        'video.owner_id',
        'video.visibility',
        'video.state',
        'video.published_ms',
        'video.duration_ms',
        'video.featured_ms',
        'video.held_visibility',
        'video.source_sha256',
        'video.people',
      ])
      .select(['account.name', 'account.display_name', 'video_figure.views'])
      .where('video.deleted_ms', 'is', null)

  async function withTags(rows: Awaited<ReturnType<ReturnType<typeof films>['execute']>>): Promise<FilmRow[]> {
    const ids = rows.map(({ id }) => id)
    const tags = new Map<string, { key: string; label: string }[]>()
    if (ids.length > 0) {
      const all = db.primary.selectFrom('video_tag').selectAll().where('video_id', 'in', ids).orderBy('place')
      for (const { video_id, tag_key, label } of await all.execute()) {
        const own = tags.get(video_id)
        if (own) own.push({ key: tag_key, label })
        else tags.set(video_id, [{ key: tag_key, label }])
      }
    }
    return rows.map((row) => ({
      id: row.id,
      title: row.title,
      description: row.description,
      ownerId: row.owner_id,
      owner: row.display_name === row.name ? row.name : `${row.display_name} ${row.name}`,
      tags: tags.get(row.id) ?? [],
      people: (JSON.parse(row.people ?? '[]') as { name: string }[]).map(({ name }) => name),
      visibility: row.visibility,
      state: row.state,
      publishedMs: row.published_ms,
      durationMs: row.duration_ms,
      views: row.views,
      isFeatured: row.featured_ms !== null,
      isHidden: row.held_visibility !== null,
      sha256: row.source_sha256,
    }))
  }

  return {
    /** All that are there, by id. */
    after: async (id: string, limit: number): Promise<FilmRow[]> =>
      withTags(await films().where('video.id', '>', id).orderBy('video.id').limit(limit).execute()),

    /** Those of these that are there. */
    async some(ids: readonly string[]): Promise<FilmRow[]> {
      const rows: FilmRow[] = []
      // A few at a time: for many a planner thinks that reading all films costs less than finding each.
      for (let from = 0; from < ids.length; from += fewIds)
        rows.push(
          ...(await withTags(
            await films()
              .where('video.id', 'in', ids.slice(from, from + fewIds))
              .execute(),
          )),
        )
      return rows
    },

    /** What has changed since a moment, whatever it is now. */
    async changedSince(sinceMs: number, after: string, limit: number): Promise<string[]> {
      const all = db.primary.selectFrom('video').select('id').where('updated_ms', '>=', sinceMs).where('id', '>', after)
      return (await all.orderBy('id').limit(limit).execute()).map(({ id }) => id)
    },

    countedSince: (sinceMs: number, after: string, limit: number) =>
      db.primary
        .selectFrom('video_figure')
        .select(['video_id', 'views'])
        .where('counted_ms', '>=', sinceMs)
        .where('video_id', '>', after)
        .orderBy('video_id')
        .limit(limit)
        .execute(),

    /** Where it is said, in whatever films. */
    said: (terms: readonly SaidTerm[], limit: number) =>
      db.read.selectFrom('said').select(['video_id', 'at_ms', 'cues']).where(saidMatches(db.dialect, terms)).limit(limit).execute(),

    /** Of the present source and beside it: what could be made WebVTT. */
    async textBlobs(videoId: string): Promise<string[]> {
      const all = db.primary.selectFrom('video_text').innerJoin('video', 'video.id', 'video_text.video_id').select('video_text.blob')
      const rows = await all
        .where('video_text.video_id', '=', videoId)
        .where((eb) => eb.or([eb('video_text.generation', '=', 0), eb('video_text.generation', '=', eb.ref('video.generation'))]))
        .where('video.deleted_ms', 'is', null)
        .orderBy('video_text.generation')
        .orderBy('video_text.place')
        .limit(mostTexts)
        .execute()
      return rows.flatMap(({ blob }) => blob ?? [])
    },

    /** In place of whatever was known of this film. */
    async putSaid(videoId: string, rows: readonly SaidRow[]): Promise<void> {
      await db.commit([...removeSaid(db.dialect, videoId), ...rows.flatMap((row) => addSaid(db.dialect, row))])
    },

    /** Films with texts of which nothing is known: after a restore, or where a bell was lost. */
    async unsaid(after: string, limit: number): Promise<string[]> {
      const rows = await db.primary
        .selectFrom('video_text')
        .leftJoin('said', 'said.video_id', 'video_text.video_id')
        .select('video_text.video_id')
        .distinct()
        .where('video_text.blob', 'is not', null)
        .where('video_text.video_id', '>', after)
        .where('said.id', 'is', null)
        .orderBy('video_text.video_id')
        .limit(limit)
        .execute()
      return rows.map(({ video_id }) => video_id)
    },

    async people(beginning: string, ids: readonly string[], limit: number): Promise<PersonRow[]> {
      const all = db.read.selectFrom('account').select(['id', 'name', 'display_name', 'avatar', 'audience']).where('state', '=', 'active')
      const rows = await all
        .where((eb) =>
          eb.or([
            beginsWith(sql.ref('name_key'), beginning),
            beginsWith(sql.ref('display_key'), beginning),
            ...(ids.length > 0 ? [eb('id', 'in', ids)] : []),
          ]),
        )
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows
    },
  }
}
