import { createCursor } from '#server/lib/cursor.ts'
import { demand, may } from '#server/lib/may.ts'
import { toParagraphs } from '#server/lib/plain-text.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Person, Viewer } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Live } from '#server/ports/live.ts'
import type { PersonCard } from '#shared/api/accounts.ts'
import type { AddCommentBody, Comment, CommentPage, CommentsQuery } from '#shared/api/comments.ts'
import { commented } from '#shared/messages/films.ts'
import type { Audience } from '../audience/index.ts'
import type { Conduct } from '../conduct/index.ts'
import type { Follows } from '../follows/index.ts'
import type { Notices } from '../notices/index.ts'
import type { Videos } from '../videos/index.ts'
import { commentsClosed, noSuchComment, tooSoon, wrongField } from './errors.ts'
import type { AuthorRow, CommentRow, CommentStore, Moving, PlaceRow, Walk } from './store.ts'
import { createReview } from './review.ts'
import { mentionsOf, toComment } from './view.ts'

export type CommentParts = {
  store: CommentStore
  videos: Pick<Videos, 'seeUnlocked' | 'seeMany'>
  audience: Pick<Audience, 'contribute'>
  follows: Pick<Follows, 'isBlocking' | 'blockedBy'>
  conduct: Pick<Conduct, 'demandVoice' | 'waits'>
  usernameKey: (raw: string) => string
  notices: Pick<Notices, 'toTell'>
  live: Pick<Live, 'publish'>
  toCard: (row: AuthorRow) => PersonCard
  clock: Clock
  newId: () => string
}

/** Under which video, and what the browser showed for it. */
export type Under = { vid: string; cookie: string | undefined }
type Place = Under & { commentId: string }
type Video = Awaited<ReturnType<Videos['seeUnlocked']>>

const cursors = {
  new: createCursor('comments-new', ['text']),
  top: createCursor('comments-top', ['whole', 'text']),
  replies: createCursor('comment-replies', ['text']),
}
const batch = 500

export type CommentService = ReturnType<typeof createCommentService>

export function createCommentService(parts: CommentParts) {
  const { store, videos, audience, follows, conduct, live, toCard, clock, newId } = parts
  const videoOf = (viewer: Viewer, { vid, cookie }: Under) => videos.seeUnlocked(viewer, vid, cookie)

  /** Whatever films they are under: all that goes with them is asked for once. */
  async function presentUnder(viewer: Viewer, said: readonly { row: CommentRow; video: Video }[], places: ReadonlyMap<string, PlaceRow>) {
    const named = said.flatMap(({ row }) => [row.author_id, ...mentionsOf(row).map(({ accountId }) => accountId)])
    const ids = said.map(({ row }) => row.id)
    const [authors, liked] = await Promise.all([
      store.authors([...new Set(named)]),
      viewer.kind === 'person' ? store.likedBy(viewer.accountId, ids) : new Set<string>(),
    ])
    const usernames = new Map([...authors].flatMap(([id, { name }]) => (name === '' ? [] : [[id, name]])))
    return said.map(({ row, video }): Comment => {
      const author = authors.get(row.author_id)
      const about = { author: author && toCard(author), isLiked: liked.has(row.id), pinnedId: places.get(video.id)?.pinned_id ?? null }
      return toComment(row, { ...about, videoOwnerId: video.owner_id, durationMs: video.duration_ms, usernames })
    })
  }

  function present(viewer: Viewer, video: Video, rows: readonly CommentRow[], place: PlaceRow | undefined): Promise<Comment[]> {
    const places = new Map(place ? [[video.id, place]] : [])
    const said = rows.map((row) => ({ row, video }))
    return presentUnder(viewer, said, places)
  }

  async function find(
    viewer: Viewer,
    at: Place,
  ): Promise<{ video: Video; row: CommentRow; thing: { authorId: string; videoOwnerId: string } }> {
    const video = await videoOf(viewer, at)
    const row = await store.find(at.commentId)
    if (!row || row.video_id !== video.id || row.deleted_ms !== null || !maySee(viewer, video, row)) throw noSuchComment()
    return { video, row, thing: { authorId: row.author_id, videoOwnerId: video.owner_id } }
  }

  async function show(viewer: Viewer, at: Place): Promise<Comment> {
    const { video, row } = await find(viewer, at)
    const [comment] = await present(viewer, video, [row], await store.place(video.id))
    if (!comment) throw noSuchComment()
    return comment
  }

  /** A reply to a reply stands beside it: threads are one level deep. */
  async function replied(video: Video, replyTo: string): Promise<CommentRow> {
    const to = await store.find(replyTo)
    if (!to || to.video_id !== video.id || to.deleted_ms !== null || to.is_held) throw wrongField('replyTo', 'comment.not_found')
    return to
  }

  /** What waits is there for its author and for the keepers alone. */
  const maySee = (viewer: Viewer, { owner_id: videoOwnerId }: Video, row: CommentRow) =>
    row.is_held === 0 || (viewer.kind === 'person' && viewer.accountId === row.author_id) || may(viewer, 'comment.review', { videoOwnerId })

  /** As the owner has it: open at all, not to whom they blocked, and not all at once. */
  async function demandRoom(viewer: Person, video: Video): Promise<void> {
    if (video.comment_rule === 'closed' || (await follows.isBlocking(video.owner_id, viewer.accountId))) throw commentsClosed()
    if (video.slow_mode_s === 0) return
    const lastMs = await store.lastMs(video.id, viewer.accountId)
    const leftMs = lastMs === undefined ? 0 : lastMs + 1000 * video.slow_mode_s - clock.now()
    if (leftMs > 0) throw tooSoon(leftMs)
  }

  const review = createReview({ ...parts, find, presentUnder })

  /** One's own that wait stand before the first page. */
  async function ownWaiting(videoId: string, accountId: string, how: Walk): Promise<CommentRow[]> {
    const rows = await store.heldOf(videoId, accountId, 20)
    return rows.filter((row) => (how.by === 'replies' ? row.is_reply === 1 && row.root_id === how.rootId : row.is_reply === 0))
  }

  return {
    /** What the owner put first stands before the first page, and nowhere else. */
    async list(viewer: Viewer, under: Under, query: CommentsQuery): Promise<CommentPage> {
      const video = await videoOf(viewer, under)
      const how = toWalk(video.id, query)
      const isFirst = query.cursor === undefined
      // None of these waits for another: a page costs two turns of the database, whatever is asked.
      const [{ items: walked, next }, place, own, blocked] = await Promise.all([
        store.list(how),
        store.place(video.id),
        isFirst && viewer.kind === 'person' ? ownWaiting(video.id, viewer.accountId, how) : [],
        follows.blockedBy(viewer),
      ])
      const pinnedId = how.by === 'replies' ? null : (place?.pinned_id ?? null)
      const pinned = isFirst && pinnedId !== null ? await store.find(pinnedId) : undefined
      const all = [...own, ...(pinned ? [pinned] : []), ...walked.filter(({ id }) => id !== pinnedId)]
      const rows = all.filter(({ author_id }) => !blocked.has(author_id))
      const nextCursor = next
        ? how.by === 'top'
          ? cursors.top.write([Number(next[0]), String(next[1])])
          : cursors[how.by].write([String(next[0])])
        : null
      return { items: await present(viewer, video, rows, place), nextCursor, total: place?.total ?? 0 }
    },

    async add(viewer: Viewer, under: Under, { text, replyTo }: AddCommentBody): Promise<Comment> {
      if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
      const video = await videoOf(viewer, under)
      demand(viewer, 'comment.create')
      await conduct.demandVoice(viewer)
      if (viewer.accountId !== video.owner_id) await demandRoom(viewer, video)
      const id = newId()
      const to = replyTo ? await replied(video, replyTo) : undefined
      const said = toText(text)
      const why = await review.whyHeld(viewer, video, said)
      const own = { id, video_id: video.id, root_id: to?.root_id ?? id, is_reply: to ? 1 : 0, author_id: viewer.accountId }
      const begun = { likes: 0, replies: 0, created_ms: clock.now(), edited_ms: null, deleted_ms: null }
      const row = { ...own, ...begun, text: said, mentions: await review.mentions(said), is_held: why ? 1 : 0, held_why: why ?? null }
      await store.add(row, await review.notices(row, video, to))
      if (why) return show(viewer, { ...under, commentId: id })
      await live.publish(`video:${video.id}`, commented, { total: (await store.place(video.id))?.total ?? 0 })
      if (viewer.accountId !== video.owner_id) await audience.contribute(video.id, viewer.accountId, 'comment')
      return show(viewer, { ...under, commentId: id })
    },

    async change(viewer: Viewer, at: Place, text: string): Promise<Comment> {
      const { video, row, thing } = await find(viewer, at)
      demand(viewer, 'comment.change', thing)
      await conduct.demandVoice(viewer as Person)
      const said = toText(text)
      // Held before it is changed: nobody reads in between what should wait. What waits already goes on waiting, for what it waited for.
      const why = row.is_held ? undefined : await review.whyHeld(viewer as Person, video, said)
      if (why) await store.hold(row, why, review.heldNotice(row, video))
      if (!(await store.change(row.id, { text: said, mentions: await review.mentions(said) }, clock.now()))) throw noSuchComment()
      return show(viewer, at)
    },

    async remove(viewer: Viewer, at: Place): Promise<void> {
      if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
      const { row, thing } = await find(viewer, at)
      demand(viewer, 'comment.delete', thing)
      if (!(await store.remove(row, clock.now()))) throw noSuchComment()
    },

    async like(viewer: Viewer, at: Place, isLiked: boolean): Promise<void> {
      if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
      const { row } = await find(viewer, at)
      demand(viewer, 'comment.create')
      await store.like(row.id, viewer.accountId, isLiked)
    },

    async pin(viewer: Viewer, at: Place, isPinned: boolean): Promise<void> {
      const { video, row, thing } = await find(viewer, at)
      demand(viewer, 'comment.pin', thing)
      if (row.is_reply) throw wrongField('commentId', 'comment.is_reply')
      await store.pin(video.id, isPinned ? row.id : null)
    },

    review: review.doors,
    latestOf: store.latestOf,
    /** For moderators, wherever it stands. */
    findAny: store.find,
    hide: (row: Pick<CommentRow, 'id' | 'root_id'>) => store.hold(row, 'hidden'),
    takeAway: (row: Pick<CommentRow, 'id' | 'root_id'>) => store.remove(row, clock.now()),

    countOf: store.countOf,

    /** All that somebody said, whose account is closed. */
    async removeAllOf(accountId: string, signal: AbortSignal): Promise<void> {
      for (let rows = await store.listOf(accountId, batch); rows.length > 0; rows = await store.listOf(accountId, batch)) {
        for (const row of rows) {
          signal.throwIfAborted()
          await store.remove(row, clock.now())
        }
      }
    },

    /** All that is said under one film stands under another from now on. */
    async moveAll(moving: Moving, signal: AbortSignal): Promise<void> {
      while (await store.moveSome(moving, batch)) signal.throwIfAborted()
    },

    async forgetVideo(videoId: string, signal: AbortSignal): Promise<void> {
      while (await store.forgetSomeOf(videoId, batch)) signal.throwIfAborted()
    },
  }
}

function toText(given: string): string {
  const text = toParagraphs(given)
  if (text === '') throw wrongField('text', 'comment.empty')
  return text
}

function toWalk(videoId: string, { sort = 'new', repliesTo, cursor, limit = 30 }: CommentsQuery): Walk {
  if (repliesTo !== undefined) return { by: 'replies', videoId, rootId: repliesTo, limit, after: cursors.replies.read(cursor) }
  if (sort === 'top') return { by: 'top', videoId, limit, after: cursors.top.read(cursor) }
  return { by: 'new', videoId, limit, after: cursors.new.read(cursor) }
}
