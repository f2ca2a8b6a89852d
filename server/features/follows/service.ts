import { createCursor } from '#server/lib/cursor.ts'
import { demand } from '#server/lib/may.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Person, Viewer } from '#server/lib/viewer.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { PersonCard } from '#shared/api/accounts.ts'
import type { PageQuery } from '#shared/api/common.ts'
import type { FollowersAnswer, PeoplePage } from '#shared/api/follows.ts'
import type { Accounts } from '../accounts/index.ts'
import type { FollowStore } from './store.ts'

type CardRow = { id: string; name: string; display_name: string; avatar: string | null }
export type FollowParts = {
  store: FollowStore
  accounts: { profiles: Pick<Accounts['profiles'], 'find'> }
  toCard: (row: CardRow) => PersonCard
  cache: Pick<Cache, 'invalidate'>
  clock: Clock
}

const mostFollowed = 2000
const cursors = { following: createCursor('following', ['whole', 'text']), blocked: createCursor('blocked', ['text']) }

export type FollowService = ReturnType<typeof createFollowService>

export function createFollowService({ store, accounts, toCard, cache, clock }: FollowParts) {
  const own = (viewer: Viewer): Person => {
    if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
    demand(viewer, 'person.follow')
    return viewer
  }

  async function other(viewer: Person, username: string): Promise<string> {
    const { id } = await accounts.profiles.find(viewer, username)
    if (id === viewer.accountId) throw new Problem('invalid', 'follow.oneself')
    return id
  }

  return {
    async counts(viewer: Viewer, username: string): Promise<FollowersAnswer> {
      const { id } = await accounts.profiles.find(viewer, username)
      const isPerson = viewer.kind === 'person'
      const [followers, following, isFollowed, isBlocked] = await Promise.all([
        store.followersOf(id),
        store.followingOf(id),
        isPerson && store.isFollowing(viewer.accountId, id),
        isPerson && store.isBlocking(viewer.accountId, id),
      ])
      return { followers, following, isFollowed, isBlocked }
    },

    async follow(viewer: Viewer, username: string, isOn: boolean): Promise<void> {
      const { accountId, ...self } = own(viewer)
      const id = await other({ accountId, ...self }, username)
      if (!isOn) await store.unfollow(accountId, id)
      else {
        // Told the same as one who blocks nobody would hear of a closed profile.
        if (await store.isBlocking(id, accountId)) throw new Problem('forbidden', 'access.forbidden')
        if ((await store.followingOf(accountId)) >= mostFollowed)
          throw new Problem('conflict', 'follow.too_many', { params: { most: mostFollowed } })
        await store.follow(accountId, id, clock.now())
      }
      await cache.invalidate(`person:${accountId}`)
    },

    async block(viewer: Viewer, username: string, isOn: boolean): Promise<void> {
      const self = own(viewer)
      const id = await other(self, username)
      if (isOn) await store.block(self.accountId, id, clock.now())
      else await store.unblock(self.accountId, id)
      await cache.invalidate(`person:${self.accountId}`, `person:${id}`)
    },

    async following(viewer: Viewer, { cursor, limit = 30 }: PageQuery): Promise<PeoplePage> {
      const { items, next } = await store.following(own(viewer).accountId, cursors.following.read(cursor), limit)
      return { items: items.map(toCard), nextCursor: next ? cursors.following.write([Number(next[0]), String(next[1])]) : null }
    },

    async blocked(viewer: Viewer, { cursor, limit = 30 }: PageQuery): Promise<PeoplePage> {
      const { items, next } = await store.blocked(own(viewer).accountId, cursors.blocked.read(cursor), limit)
      return { items: items.map(toCard), nextCursor: next ? cursors.blocked.write([String(next[0])]) : null }
    },

    /** Whom the viewer wants to hear nothing of. */
    blockedBy: async (viewer: Viewer): Promise<ReadonlySet<string>> =>
      new Set(viewer.kind === 'person' ? await store.blockedBy(viewer.accountId) : []),
    isBlocking: store.isBlocking,
    followers: store.followers,

    countOf: store.countOf,
    removeAllOf: store.removeAllOf,
  }
}
