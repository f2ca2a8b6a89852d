import type { Transaction } from 'kysely'
import { commitIfExpected } from '#server/database/commit-if-expected.ts'
import type { Database } from '#server/database/database.ts'
import { type OwedTask, owe, oweIn } from '#server/database/outbox.ts'
import { keyset, pageOf } from '#server/database/keyset.ts'
import { insertMissing, locked, upsert } from '#server/database/portable.ts'
import type { Tables } from '#server/database/tables.ts'

type Names = 'comment' | 'comment_like' | 'comment_place' | 'account' | 'account_name' | 'video'
type Trx = Transaction<Pick<Tables, Names>>

export type CommentStore = ReturnType<typeof createCommentStore>
export type CommentRow = Tables['comment']
export type PlaceRow = Tables['comment_place']
export type HeldWhy = NonNullable<CommentRow['held_why']>
export type HeldRow = CommentRow & { video_title: string }
export type AuthorRow = Pick<Tables['account'], 'id' | 'name' | 'display_name' | 'avatar'>

export type Walk = { limit: number } & (
  | { by: 'new'; videoId: string; after: readonly [id: string] | undefined }
  | { by: 'top'; videoId: string; after: readonly [likes: number, id: string] | undefined }
  | { by: 'replies'; videoId: string; rootId: string; after: readonly [id: string] | undefined }
)

/** Two films become one. */
export type Moving = { from: string; into: string }

export function createCommentStore(db: Database<Names>) {
  const addToTotal = (videoId: string, many: number) =>
    upsert(db.dialect, db.build.insertInto('comment_place').values({ video_id: videoId, total: many, pinned_id: null }), {
      key: ['video_id'],
      add: ['total'],
    })

  /** Every page is one walk along an index: the hundred-thousandth comment costs what the first does. */
  function walk(how: Walk) {
    const rows = db.read.selectFrom('comment').selectAll().where('is_held', '=', 0)
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
    await unpin(trx, row)
  }

  const unpin = (trx: Trx, row: CommentRow) =>
    trx.updateTable('comment_place').set({ pinned_id: null }).where('video_id', '=', row.video_id).where('pinned_id', '=', row.id).execute()

  /** What was held from the beginning may be the first that is counted. */
  const raise = (trx: Trx, videoId: string, by: 1 | -1) =>
    upsert(db.dialect, trx.insertInto('comment_place').values({ video_id: videoId, total: by, pinned_id: null }), {
      key: ['video_id'],
      add: ['total'],
    }).execute()

  /** A stub that stands only for its replies goes with the last of them. */
  async function countReply(trx: Trx, root: CommentRow, by: 1 | -1): Promise<void> {
    const replies = root.replies + by
    if (root.deleted_ms !== null && replies === 0) await drop(trx, root)
    else await trx.updateTable('comment').set({ replies }).where('id', '=', root.id).execute()
  }

  /** A reply goes; a stub that stood only for it goes too. */
  async function removeReply(trx: Trx, root: CommentRow | undefined, row: CommentRow): Promise<void> {
    await drop(trx, row)
    if (root) await countReply(trx, root, -1)
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
      // What is held counts nowhere.
      const counted = row.is_held ? [] : [...(row.is_reply ? [grown] : []), addToTotal(row.video_id, 1)]
      await db.commit([...counted, db.build.insertInto('comment').values(row), ...owed.map((task) => owe(task))])
    },

    /** When somebody said the last thing under a video. */
    async lastMs(videoId: string, authorId: string): Promise<number | undefined> {
      const own = db.primary.selectFrom('comment').select('created_ms').where('author_id', '=', authorId).where('video_id', '=', videoId)
      return (await own.orderBy('id', 'desc').limit(1).executeTakeFirst())?.created_ms
    },

    async change(id: string, { text, mentions }: Pick<CommentRow, 'text' | 'mentions'>, nowMs: number): Promise<boolean> {
      const update = db.build
        .updateTable('comment')
        .set({ text, mentions, edited_ms: nowMs })
        .where('id', '=', id)
        .where('deleted_ms', 'is', null)
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
        if (own.is_held) {
          await drop(trx, own)
          return true
        }
        await raise(trx, own.video_id, -1)
        if (own.is_reply) await removeReply(trx, root, own)
        else if (own.replies === 0) await drop(trx, own)
        else await trx.updateTable('comment').set({ text: '', deleted_ms: nowMs }).where('id', '=', own.id).execute()
        return true
      }),

    /** Holds it back, or lets it through: false where it is so already, or gone, or has nothing left to stand in. */
    hold: (row: Pick<CommentRow, 'id' | 'root_id'>, why: HeldWhy | null, owed: readonly OwedTask[] = []): Promise<boolean> =>
      db.transaction(async (trx) => {
        const root = await lock(trx, row.root_id)
        const own = row.id === row.root_id ? root : await lock(trx, row.id)
        const isHeld = why === null ? 0 : 1
        if (!own || own.deleted_ms !== null || (own.is_held === isHeld && own.held_why === why)) return false
        if (own.is_reply && !root) return false
        await trx.updateTable('comment').set({ is_held: isHeld, held_why: why }).where('id', '=', own.id).execute()
        if (own.is_held !== isHeld) {
          const by = isHeld ? -1 : 1
          await raise(trx, own.video_id, by)
          if (own.is_reply && root) await countReply(trx, root, by)
          if (isHeld) await unpin(trx, own)
        }
        for (const task of owed) await oweIn(trx, task)
        return true
      }),

    /** One's own that wait, under one film: the latest. */
    heldOf: (videoId: string, authorId: string, limit: number): Promise<CommentRow[]> =>
      db.primary
        .selectFrom('comment')
        .selectAll()
        .where('video_id', '=', videoId)
        .where('is_held', '=', 1)
        .where('author_id', '=', authorId)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),

    /** What waits in the whole house. */
    async held(after: readonly [string] | undefined, limit: number) {
      const all = db.primary.selectFrom('comment').crossJoin('video').whereRef('comment.video_id', '=', 'video.id')
      const waiting = all.where('comment.is_held', '=', 1).where('video.deleted_ms', 'is', null)
      const rows = waiting.selectAll('comment').select('video.title as video_title')
      return pageOf(await keyset(rows, { by: [['comment.id', 'desc']], after, limit }).execute(), limit, (row) => [row.id])
    },

    /** What waits below the films of one owner, film by film, those that came last first: so each page is one walk along two indexes. */
    async heldBelow(ownerId: string, after: readonly [string, string] | undefined, limit: number) {
      const all = db.primary.selectFrom('video').crossJoin('comment').whereRef('comment.video_id', '=', 'video.id')
      const waiting = all.where('video.owner_id', '=', ownerId).where('video.deleted_ms', 'is', null).where('comment.is_held', '=', 1)
      const rows = waiting.selectAll('comment').select('video.title as video_title')
      const by = [['video.id', 'desc'] as const, ['comment.id', 'desc'] as const]
      return pageOf(await keyset(rows, { by, after, limit }).execute(), limit, (row) => [row.video_id, row.id])
    },

    /** The latest of one person, wherever. */
    latestOf: (authorId: string, limit: number): Promise<CommentRow[]> =>
      db.primary
        .selectFrom('comment')
        .selectAll()
        .where('author_id', '=', authorId)
        .where('deleted_ms', 'is', null)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),

    /** Whose these names are, by the keys of names, past ones too. */
    async accountsOf(keys: readonly string[]): Promise<Map<string, string>> {
      if (keys.length === 0) return new Map()
      const all = db.read.selectFrom('account_name').innerJoin('account', 'account.id', 'account_name.account_id')
      const rows = await all
        .select(['account_name.name_key', 'account.id'])
        .where('account_name.name_key', 'in', [...new Set(keys)])
        .where('account.state', '=', 'active')
        .execute()
      return new Map(rows.map(({ name_key, id }) => [name_key, id]))
    },

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

    /** Some of what is said under a film goes to another, as it is; false when nothing is left. */
    async moveSome({ from, into }: Moving, limit: number): Promise<boolean> {
      const all = db.primary.selectFrom('comment').select(['id', 'is_held', 'deleted_ms']).where('video_id', '=', from)
      const rows = await all.limit(limit).execute()
      if (rows.length === 0) return false
      const isCounted = (row: (typeof rows)[number]) => row.is_held === 0 && row.deleted_ms === null
      const move = (some: typeof rows) => {
        const ids = some.map(({ id }) => id)
        return db.build.updateTable('comment').set({ video_id: into }).where('video_id', '=', from).where('id', 'in', ids)
      }
      const [counted, others] = [rows.filter(isCounted), rows.filter((row) => !isCounted(row))]
      // What counts must still count when it is moved: with another word in between, it is looked at again.
      await commitIfExpected(db, [
        ...(counted.length === 0
          ? []
          : [{ query: move(counted).where('is_held', '=', 0).where('deleted_ms', 'is', null), rows: counted.length }]),
        ...(others.length === 0
          ? []
          : [{ query: move(others).where((eb) => eb.or([eb('is_held', '=', 1), eb('deleted_ms', 'is not', null)])), rows: others.length }]),
        addToTotal(into, counted.length),
        addToTotal(from, -counted.length),
      ])
      return true
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
