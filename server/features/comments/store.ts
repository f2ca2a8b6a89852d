import type { Transaction } from 'kysely'
import type { Database } from '#server/database/database.ts'
import { type OwedTask, owe } from '#server/database/outbox.ts'
import { keyset, pageOf } from '#server/database/keyset.ts'
import { insertMissing, locked, upsert } from '#server/database/portable.ts'
import type { Tables } from '#server/database/tables.ts'

type Names = 'comment' | 'comment_like' | 'comment_place' | 'account'
type Trx = Transaction<Pick<Tables, Names>>

export type CommentStore = ReturnType<typeof createCommentStore>
export type CommentRow = Tables['comment']
export type AuthorRow = Pick<Tables['account'], 'id' | 'name' | 'display_name' | 'avatar'>

export type Walk = { limit: number } & (
  | { by: 'new'; videoId: string; after: readonly [id: string] | undefined }
  | { by: 'top'; videoId: string; after: readonly [likes: number, id: string] | undefined }
  | { by: 'replies'; videoId: string; rootId: string; after: readonly [id: string] | undefined }
)

export function createCommentStore(db: Database<Names>) {
  const addToTotal = (videoId: string, many: number) =>
    upsert(db.dialect, db.build.insertInto('comment_place').values({ video_id: videoId, total: many, pinned_id: null }), {
      key: ['video_id'],
      add: ['total'],
    })

  /** Every page is one walk along an index: the hundred-thousandth comment costs what the first does. */
  function walk(how: Walk) {
    const rows = db.read.selectFrom('comment').selectAll()
    const { after, limit } = how
    switch (how.by) {
      case 'new':
        return keyset(rows.where('video_id', '=', how.videoId).where('is_reply', '=', 0), { by: [['id', 'desc']], after, limit })
      case 'top': {
        const by = [['likes', 'desc'] as const, ['id', 'desc'] as const]
        return keyset(rows.where('video_id', '=', how.videoId).where('is_reply', '=', 0), { by, after, limit })
      }
      case 'replies':
        // The video too: who may see one film reads no thread of another by its address.
        return keyset(rows.where('root_id', '=', how.rootId).where('is_reply', '=', 1).where('video_id', '=', how.videoId), {
          by: [['id', 'asc']],
          after,
          limit,
        })
    }
  }

  const lock = (trx: Trx, id: string) => locked(db.dialect, trx.selectFrom('comment').selectAll().where('id', '=', id)).executeTakeFirst()

  async function drop(trx: Trx, row: CommentRow): Promise<void> {
    await trx.deleteFrom('comment').where('id', '=', row.id).execute()
    await trx
      .updateTable('comment_place')
      .set({ pinned_id: null })
      .where('video_id', '=', row.video_id)
      .where('pinned_id', '=', row.id)
      .execute()
  }

  const lower = (trx: Trx, videoId: string) =>
    trx
      .updateTable('comment_place')
      .set((eb) => ({ total: eb('total', '-', 1) }))
      .where('video_id', '=', videoId)
      .execute()

  /** A reply goes; a stub that stood only for it goes too. */
  async function removeReply(trx: Trx, root: CommentRow | undefined, row: CommentRow): Promise<void> {
    await drop(trx, row)
    if (!root) return
    if (root.deleted_ms !== null && root.replies === 1) await drop(trx, root)
    else
      await trx
        .updateTable('comment')
        .set({ replies: root.replies - 1 })
        .where('id', '=', root.id)
        .execute()
  }

  return {
    async list(how: Walk) {
      return pageOf(await walk(how).execute(), how.limit, (row) => (how.by === 'top' ? [row.likes, row.id] : [row.id]))
    },

    find: (id: string): Promise<CommentRow | undefined> =>
      db.primary.selectFrom('comment').selectAll().where('id', '=', id).executeTakeFirst(),

    place: (videoId: string) => db.read.selectFrom('comment_place').selectAll().where('video_id', '=', videoId).executeTakeFirst(),

    async authors(ids: readonly string[]): Promise<Map<string, AuthorRow>> {
      if (ids.length === 0) return new Map()
      const rows = await db.read.selectFrom('account').select(['id', 'name', 'display_name', 'avatar']).where('id', 'in', ids).execute()
      return new Map(rows.map((row) => [row.id, row]))
    },

    async likedBy(accountId: string, ids: readonly string[]): Promise<Set<string>> {
      if (ids.length === 0) return new Set()
      const liked = db.primary.selectFrom('comment_like').select('comment_id').where('account_id', '=', accountId)
      return new Set((await liked.where('comment_id', 'in', ids).execute()).map(({ comment_id }) => comment_id))
    },

    /** `Unexpected` where the comment that it replies to is gone. */
    async add(row: CommentRow, owed: readonly OwedTask[]): Promise<void> {
      const root = db.build
        .updateTable('comment')
        .set((eb) => ({ replies: eb('replies', '+', 1) }))
        .where('id', '=', row.root_id)
      const grown = { query: root.where('deleted_ms', 'is', null), rows: 1 }
      await db.commit([
        ...(row.is_reply ? [grown] : []),
        db.build.insertInto('comment').values(row),
        addToTotal(row.video_id, 1),
        ...owed.map((task) => owe(task)),
      ])
    },

    /** When somebody said the last thing under a video. */
    async lastMs(videoId: string, authorId: string): Promise<number | undefined> {
      const own = db.primary.selectFrom('comment').select('created_ms').where('author_id', '=', authorId).where('video_id', '=', videoId)
      return (await own.orderBy('id', 'desc').limit(1).executeTakeFirst())?.created_ms
    },

    async change(id: string, text: string, nowMs: number): Promise<boolean> {
      const update = db.build.updateTable('comment').set({ text, edited_ms: nowMs }).where('id', '=', id).where('deleted_ms', 'is', null)
      return (await db.commit([update]))[0]?.rows === 1
    },

    /** Counted once a person, however often it is said. */
    like: (id: string, accountId: string, isLiked: boolean): Promise<void> =>
      db.transaction(async (trx) => {
        const row = await lock(trx, id)
        if (!row || row.deleted_ms !== null) return
        const own = trx.selectFrom('comment_like').select('comment_id').where('comment_id', '=', id).where('account_id', '=', accountId)
        if (((await own.executeTakeFirst()) !== undefined) === isLiked) return
        if (isLiked)
          await insertMissing(db.dialect, trx.insertInto('comment_like').values({ comment_id: id, account_id: accountId })).execute()
        else await trx.deleteFrom('comment_like').where('comment_id', '=', id).where('account_id', '=', accountId).execute()
        await trx
          .updateTable('comment')
          .set({ likes: row.likes + (isLiked ? 1 : -1) })
          .where('id', '=', id)
          .execute()
      }),

    async pin(videoId: string, commentId: string | null): Promise<void> {
      await db.commit([db.build.updateTable('comment_place').set({ pinned_id: commentId }).where('video_id', '=', videoId)])
    },

    /** False: it was gone already. */
    remove: (row: Pick<CommentRow, 'id' | 'root_id'>, nowMs: number): Promise<boolean> =>
      db.transaction(async (trx) => {
        // The root first, whatever goes: so two who take away replies of one thread wait for each other, and never in a ring.
        const root = await lock(trx, row.root_id)
        const own = row.id === row.root_id ? root : await lock(trx, row.id)
        if (!own || own.deleted_ms !== null) return false
        await lower(trx, own.video_id)
        if (own.is_reply) await removeReply(trx, root, own)
        else if (own.replies === 0) await drop(trx, own)
        else await trx.updateTable('comment').set({ text: '', deleted_ms: nowMs }).where('id', '=', own.id).execute()
        return true
      }),

    async countOf(authorId: string): Promise<number> {
      const all = db.primary
        .selectFrom('comment')
        .select((eb) => eb.fn.countAll().as('count'))
        .where('author_id', '=', authorId)
      return Number((await all.where('deleted_ms', 'is', null).executeTakeFirst())?.count ?? 0)
    },

    listOf: (authorId: string, limit: number) => {
      const all = db.primary.selectFrom('comment').select(['id', 'root_id']).where('author_id', '=', authorId)
      return all.where('deleted_ms', 'is', null).orderBy('id').limit(limit).execute()
    },

    /** Some of what is said under a video that is gone; false when nothing is left. */
    async forgetSomeOf(videoId: string, limit: number): Promise<boolean> {
      const rows = await db.primary.selectFrom('comment').select('id').where('video_id', '=', videoId).limit(limit).execute()
      if (rows.length === 0) return false
      await db.commit([
        db.build.deleteFrom('comment').where(
          'id',
          'in',
          rows.map(({ id }) => id),
        ),
      ])
      return true
    },
  }
}
