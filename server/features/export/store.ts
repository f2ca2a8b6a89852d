import type { Database } from '#server/database/database.ts'

export type ExportStore = ReturnType<typeof createExportStore>

type Names =
  | 'account'
  | 'video'
  | 'video_tag'
  | 'video_mark'
  | 'comment'
  | 'comment_like'
  | 'danmaku'
  | 'danmaku_like'
  | 'watch'
  | 'follow'
  | 'block'
  | 'playlist'
  | 'playlist_item'
  | 'notice'
  | 'notice_choice'
  | 'report'
  | 'session'

/** A page of rows: those behind the key of the last one. Along an index each, however much there is. */
type Page = (accountId: string, after: string, limit: number) => Promise<{ key: string; row: object }[]>

const keyed = <T extends object>(rows: readonly T[], keyOf: (row: T) => string) => rows.map((row) => ({ key: keyOf(row), row }))

/** What a person gave or did here, by the name under which it leaves. No secret of theirs, and nothing of others. */
export function createExportStore(db: Database<Names>) {
  const marks =
    (kind: 'like' | 'favourite'): Page =>
    async (accountId, after, limit) => {
      const own = db.primary.selectFrom('video_mark').select(['video_id', 'created_ms']).where('account_id', '=', accountId)
      const rows = own.where('kind', '=', kind).where('video_id', '>', after)
      return keyed(await rows.orderBy('video_id').limit(limit).execute(), ({ video_id }) => video_id)
    }

  const lists: Record<string, Page> = {
    async videos(accountId, after, limit) {
      const own = db.primary
        .selectFrom('video')
        .select([
          'id',
          'title',
          'description',
          'visibility',
          'publish_ms',
          'state',
          'duration_ms',
          'language',
          'own_chapters',
          'marks',
          'people',
        ])
        .select(['year', 'file_name', 'source_sha256', 'created_ms', 'updated_ms', 'published_ms'])
        .where('owner_id', '=', accountId)
        .where('deleted_ms', 'is', null)
      return keyed(await own.where('id', '>', after).orderBy('id').limit(limit).execute(), ({ id }) => id)
    },

    async comments(accountId, after, limit) {
      const own = db.primary
        .selectFrom('comment')
        .select(['id', 'video_id', 'root_id', 'text', 'likes', 'created_ms', 'edited_ms'])
        .where('author_id', '=', accountId)
        .where('deleted_ms', 'is', null)
      return keyed(await own.where('id', '>', after).orderBy('id').limit(limit).execute(), ({ id }) => id)
    },

    async danmaku(accountId, after, limit) {
      const [ms = '0', id = ''] = after.split(' ')
      const own = db.primary
        .selectFrom('danmaku')
        .select(['id', 'video_id', 'at_ms', 'text', 'mode', 'size', 'color', 'likes', 'created_ms'])
        .where('author_id', '=', accountId)
        .where((eb) => eb.or([eb('created_ms', '>', Number(ms)), eb.and([eb('created_ms', '=', Number(ms)), eb('id', '>', id)])]))
      const rows = await own.orderBy('created_ms').orderBy('id').limit(limit).execute()
      return keyed(rows, (row) => `${row.created_ms} ${row.id}`)
    },

    likes: marks('like'),
    favourites: marks('favourite'),

    async commentLikes(accountId, after, limit) {
      const own = db.primary.selectFrom('comment_like').select('comment_id').where('account_id', '=', accountId)
      return keyed(await own.where('comment_id', '>', after).orderBy('comment_id').limit(limit).execute(), (row) => row.comment_id)
    },

    async danmakuLikes(accountId, after, limit) {
      const own = db.primary.selectFrom('danmaku_like').select('danmaku_id').where('account_id', '=', accountId)
      return keyed(await own.where('danmaku_id', '>', after).orderBy('danmaku_id').limit(limit).execute(), (row) => row.danmaku_id)
    },

    async history(accountId, after, limit) {
      const own = db.primary
        .selectFrom('watch')
        .select(['video_id', 'at_ms', 'duration_ms', 'is_finished', 'seen_ms'])
        .where('account_id', '=', accountId)
      return keyed(await own.where('video_id', '>', after).orderBy('video_id').limit(limit).execute(), ({ video_id }) => video_id)
    },

    async following(accountId, after, limit) {
      const own = db.primary.selectFrom('follow').select(['followed_id', 'created_ms']).where('follower_id', '=', accountId)
      return keyed(await own.where('followed_id', '>', after).orderBy('followed_id').limit(limit).execute(), (row) => row.followed_id)
    },

    async blocked(accountId, after, limit) {
      const own = db.primary.selectFrom('block').select(['blocked_id', 'created_ms']).where('blocker_id', '=', accountId)
      return keyed(await own.where('blocked_id', '>', after).orderBy('blocked_id').limit(limit).execute(), (row) => row.blocked_id)
    },

    async playlists(accountId, after, limit) {
      const own = db.primary
        .selectFrom('playlist')
        .select(['id', 'kind', 'title', 'description', 'visibility', 'updated_ms', 'created_ms'])
        .where('owner_id', '=', accountId)
        .where('slot', '>', after)
        .select('slot')
      const rows = await own.orderBy('slot').limit(Math.min(limit, 20)).execute()
      const whole = rows.map(async ({ slot, ...row }) => {
        const items = db.primary.selectFrom('playlist_item').select(['video_id', 'season', 'part']).where('playlist_id', '=', row.id)
        return { key: slot, row: { ...row, items: await items.orderBy('place').orderBy('video_id').execute() } }
      })
      return Promise.all(whole)
    },

    async notices(accountId, after, limit) {
      const own = db.primary
        .selectFrom('notice')
        .select(['id', 'kind', 'video_id', 'comment_id', 'count', 'is_read', 'created_ms'])
        .where('account_id', '=', accountId)
      return keyed(await own.where('id', '>', after).orderBy('id').limit(limit).execute(), ({ id }) => id)
    },

    async noticeChoices(accountId, after, limit) {
      const own = db.primary.selectFrom('notice_choice').select(['kind', 'in_app', 'by_mail']).where('account_id', '=', accountId)
      return keyed(await own.where('kind', '>', after).orderBy('kind').limit(limit).execute(), ({ kind }) => kind)
    },

    /** Where they are signed in: a hundred at most, and so one page. */
    async devices(accountId, after, limit) {
      if (after !== '') return []
      const own = db.primary
        .selectFrom('session')
        .select(['id', 'browser', 'system', 'address', 'created_ms', 'used_ms'])
        .where('account_id', '=', accountId)
      return (await own.limit(limit).execute()).map(({ id: key, ...row }) => ({ key, row }))
    },

    async reports(accountId, after, limit) {
      const own = db.primary.selectFrom('report').select(['case_id', 'reason', 'note', 'created_ms']).where('reporter_id', '=', accountId)
      return keyed(await own.where('case_id', '>', after).orderBy('case_id').limit(limit).execute(), (row) => row.case_id)
    },
  }

  return {
    lists,

    profile: (accountId: string) =>
      db.primary
        .selectFrom('account')
        .select(['id', 'name', 'display_name', 'bio', 'role', 'email', 'language', 'time_zone', 'audience', 'created_ms', 'seen_ms'])
        .where('id', '=', accountId)
        .executeTakeFirst(),

    async tags(videoIds: readonly string[]): Promise<Map<string, string[]>> {
      if (videoIds.length === 0) return new Map()
      const rows = await db.primary.selectFrom('video_tag').selectAll().where('video_id', 'in', videoIds).orderBy('place').execute()
      return new Map(videoIds.map((id) => [id, rows.filter((row) => row.video_id === id).map(({ label }) => label)]))
    },
  }
}
