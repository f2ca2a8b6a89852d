import { createCursor } from '#server/lib/cursor.ts'
import { demand, may } from '#server/lib/may.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Person, Viewer } from '#server/lib/viewer.ts'
import type { Live } from '#server/ports/live.ts'
import type { Comment } from '#shared/api/comments.ts'
import type { HeldPage, HeldQuery } from '#shared/api/moderation.ts'
import { commented } from '#shared/messages/films.ts'
import type { Conduct } from '../conduct/index.ts'
import type { Notices } from '../notices/index.ts'
import type { Videos } from '../videos/index.ts'
import { mentionsIn, namesIn } from './marks.ts'
import { noSuchComment } from './errors.ts'
import type { CommentRow, CommentStore, HeldRow, HeldWhy, PlaceRow } from './store.ts'
import { mentionsOf } from './view.ts'

type Video = Awaited<ReturnType<Videos['seeUnlocked']>>
type Under = { vid: string; cookie: string | undefined }
type Place = Under & { commentId: string }

type Parts = {
  store: CommentStore
  conduct: Pick<Conduct, 'waits'>
  notices: Pick<Notices, 'toTell'>
  live: Pick<Live, 'publish'>
  usernameKey: (raw: string) => string
  videos: Pick<Videos, 'seeMany'>
  find(viewer: Viewer, at: Place): Promise<{ video: Video; row: CommentRow }>
  presentUnder(
    viewer: Viewer,
    said: readonly { row: CommentRow; video: Video }[],
    places: ReadonlyMap<string, PlaceRow>,
  ): Promise<Comment[]>
}

const cursors = { all: createCursor('held', ['text']), own: createCursor('held-own', ['text', 'text']) }
/** Whom a mention in them reaches: who is not meant to see the film hears nothing of it. */
const open: ReadonlySet<string> = new Set(['public', 'members', 'unlisted'])

/** What waits before others see it, who hears of what is said, and whom a text means. */
export function createReview({ store, conduct, notices, live, usernameKey, videos, find, presentUnder }: Parts) {
  /** Whoever keeps the film needs nobody's word. */
  async function whyHeld(viewer: Person, video: Video, text: string): Promise<HeldWhy | undefined> {
    if (may(viewer, 'comment.review', { videoOwnerId: video.owner_id })) return undefined
    const words = video.blocked_words === null ? [] : (JSON.parse(video.blocked_words) as string[])
    if (await conduct.waits(text, words)) return 'words'
    return video.comment_rule === 'review' ? 'review' : undefined
  }

  async function mentions(text: string): Promise<string | null> {
    const found = namesIn(text)
    const keys = found.flat().map(({ name }) => usernameKey(name))
    const accounts = await store.accountsOf(keys)
    const meant = mentionsIn(found, (name) => accounts.get(usernameKey(name)))
    return meant.length === 0 ? null : JSON.stringify(meant)
  }

  const aboutOf = (row: CommentRow, video: Video) => ({ byId: row.author_id, videoId: video.id, commentId: row.id, origin: row.id })

  const heldNotice = (row: CommentRow, video: Video) => [
    notices.toTell({ kind: 'held', to: [video.owner_id], group: `held ${video.id}`, ...aboutOf(row, video) }),
  ]

  /** Each person once, for the nearest reason: replied to, meant, or whose film it is. */
  async function noticesFor(row: CommentRow, video: Video, to: Pick<CommentRow, 'author_id'> | undefined) {
    if (row.is_held) return heldNotice(row, video)
    const told = new Set([row.author_id])
    const fresh = (ids: readonly string[]) => ids.filter((id) => !told.has(id) && told.add(id))
    const about = aboutOf(row, video)
    const replied = fresh(to ? [to.author_id] : [])
    const meant = fresh(open.has(video.visibility) ? mentionsOf(row).map(({ accountId }) => accountId) : [])
    const owner = fresh([video.owner_id])
    return [
      ...(replied.length > 0 ? [notices.toTell({ kind: 'reply', to: replied, group: `reply ${row.root_id}`, ...about })] : []),
      ...(meant.length > 0 ? [notices.toTell({ kind: 'mention', to: meant, group: `mention ${video.id}`, ...about })] : []),
      ...(owner.length > 0 ? [notices.toTell({ kind: 'comment', to: owner, group: `comment ${video.id}`, ...about })] : []),
    ]
  }

  /** Under which film, asked as the viewer sees it; what stands below one that they no longer see is passed over. */
  async function presentHeld(viewer: Viewer, rows: readonly HeldRow[]): Promise<HeldPage['items']> {
    const seen = await videos.seeMany(viewer, [...new Set(rows.map((row) => row.video_id))])
    const said = rows.flatMap((row) => {
      const video = seen.get(row.video_id)
      return video && row.held_why ? [{ row, video, why: row.held_why }] : []
    })
    // What waits is pinned nowhere.
    const comments = await presentUnder(viewer, said, new Map())
    return said.flatMap(({ row, why }, place) => {
      const comment = comments[place]
      return comment ? [{ comment, video: { id: row.video_id, title: row.video_title }, why }] : []
    })
  }

  return {
    whyHeld,
    mentions,
    heldNotice,
    notices: noticesFor,
    doors: {
      /** Below one's own films, film by film, or for moderators everywhere; the latest first. */
      async list(viewer: Viewer, { of = 'own', cursor: from, limit = 30 }: HeldQuery): Promise<HeldPage> {
        if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
        if (of === 'all') demand(viewer, 'comment.review', { videoOwnerId: '' })
        if (of === 'all') {
          const { items, next } = await store.held(cursors.all.read(from), limit)
          return { items: await presentHeld(viewer, items), nextCursor: next ? cursors.all.write([String(next[0])]) : null }
        }
        const { items, next } = await store.heldBelow(viewer.accountId, cursors.own.read(from), limit)
        const nextCursor = next ? cursors.own.write([String(next[0]), String(next[1])]) : null
        return { items: await presentHeld(viewer, items), nextCursor }
      },

      /** Others see it from now on, and hear of it. */
      async approve(viewer: Viewer, at: Place): Promise<void> {
        if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
        const { video, row } = await find(viewer, at)
        demand(viewer, 'comment.review', { videoOwnerId: video.owner_id, isHidden: row.held_why === 'hidden' })
        if (!row.is_held) return
        const root = row.is_reply ? await store.find(row.root_id) : undefined
        const owed = (await noticesFor({ ...row, is_held: 0 }, video, root)).filter(({ payload }) => !payload.to.includes(viewer.accountId))
        if (!(await store.hold(row, null, owed))) throw noSuchComment()
        await live.publish(`video:${video.id}`, commented, { total: (await store.place(video.id))?.total ?? 0 })
      },
    },
  }
}
