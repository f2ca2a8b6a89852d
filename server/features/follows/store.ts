import type { Database, Value } from '#server/database/database.ts'
import { keyset, pageOf } from '#server/database/keyset.ts'
import { insertMissing } from '#server/database/portable.ts'

export type FollowStore = ReturnType<typeof createFollowStore>

export function createFollowStore(db: Database<'follow' | 'block' | 'account'>) {
  const unfollow = (followerId: string, followedId: string) =>
    db.build.deleteFrom('follow').where('follower_id', '=', followerId).where('followed_id', '=', followedId)
  const counted = async (column: 'follower_id' | 'followed_id', accountId: string) => {
    const all = db.read.selectFrom('follow').select((eb) => eb.fn.countAll().as('count'))
    return Number((await all.where(column, '=', accountId).executeTakeFirst())?.count ?? 0)
  }

  return {
    followersOf: (accountId: string) => counted('followed_id', accountId),
    followingOf: (accountId: string) => counted('follower_id', accountId),

    async isFollowing(followerId: string, followedId: string): Promise<boolean> {
      const all = db.primary.selectFrom('follow').select('created_ms').where('follower_id', '=', followerId)
      return (await all.where('followed_id', '=', followedId).executeTakeFirst()) !== undefined
    },

    async isBlocking(blockerId: string, blockedId: string): Promise<boolean> {
      const all = db.primary.selectFrom('block').select('created_ms').where('blocker_id', '=', blockerId)
      return (await all.where('blocked_id', '=', blockedId).executeTakeFirst()) !== undefined
    },

    async blockedBy(blockerId: string): Promise<string[]> {
      const rows = await db.primary.selectFrom('block').select('blocked_id').where('blocker_id', '=', blockerId).limit(5000).execute()
      return rows.map(({ blocked_id }) => blocked_id)
    },

    async follow(followerId: string, followedId: string, nowMs: number): Promise<void> {
      const row = { follower_id: followerId, followed_id: followedId, created_ms: nowMs }
      await db.commit([insertMissing(db.dialect, db.build.insertInto('follow').values(row))])
    },

    async unfollow(followerId: string, followedId: string): Promise<void> {
      await db.commit([unfollow(followerId, followedId)])
    },

    /** Whoever is blocked follows no more, and is followed no more. */
    async block(blockerId: string, blockedId: string, nowMs: number): Promise<void> {
      const row = { blocker_id: blockerId, blocked_id: blockedId, created_ms: nowMs }
      await db.commit([
        insertMissing(db.dialect, db.build.insertInto('block').values(row)),
        unfollow(blockerId, blockedId),
        unfollow(blockedId, blockerId),
      ])
    },

    async unblock(blockerId: string, blockedId: string): Promise<void> {
      await db.commit([db.build.deleteFrom('block').where('blocker_id', '=', blockerId).where('blocked_id', '=', blockedId)])
    },

    // `cross`: whom one follows leads, and SQLite must not begin with all who are active.
    async following(followerId: string, after: readonly Value[] | undefined, limit: number) {
      const all = db.primary
        .selectFrom('follow')
        .crossJoin('account')
        .whereRef('account.id', '=', 'follow.followed_id')
        .select(['account.id', 'account.name', 'account.display_name', 'account.avatar', 'follow.created_ms'])
        .where('follow.follower_id', '=', followerId)
        .where('account.state', '=', 'active')
      const by = [['follow.created_ms', 'desc'] as const, ['follow.followed_id', 'desc'] as const]
      return pageOf(await keyset(all, { by, after, limit }).execute(), limit, (row) => [row.created_ms, row.id])
    },

    async blocked(blockerId: string, after: readonly Value[] | undefined, limit: number) {
      const all = db.primary
        .selectFrom('block')
        .crossJoin('account')
        .whereRef('account.id', '=', 'block.blocked_id')
        .select(['account.id', 'account.name', 'account.display_name', 'account.avatar', 'block.created_ms'])
        .where('block.blocker_id', '=', blockerId)
        .where('account.state', '=', 'active')
      return pageOf(await keyset(all, { by: [['block.blocked_id', 'asc']], after, limit }).execute(), limit, (row) => [row.id])
    },

    /** Some of those who follow somebody, in an order that stays. */
    async followers(followedId: string, after: string, limit: number): Promise<string[]> {
      const all = db.primary.selectFrom('follow').select('follower_id').where('followed_id', '=', followedId)
      const rows = await all.where('follower_id', '>', after).orderBy('follower_id').limit(limit).execute()
      return rows.map(({ follower_id }) => follower_id)
    },

    async countOf(accountId: string): Promise<number> {
      return counted('follower_id', accountId)
    },

    async removeAllOf(accountId: string): Promise<void> {
      await db.commit([
        db.build.deleteFrom('follow').where('follower_id', '=', accountId),
        db.build.deleteFrom('follow').where('followed_id', '=', accountId),
        db.build.deleteFrom('block').where('blocker_id', '=', accountId),
        db.build.deleteFrom('block').where('blocked_id', '=', accountId),
      ])
    },
  }
}
