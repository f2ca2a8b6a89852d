import type { PersonCard } from '#shared/api/accounts.ts'
import type { Comment } from '#shared/api/comments.ts'
import { type Mention, timesIn } from './marks.ts'
import type { CommentRow } from './store.ts'

type About = {
  author: PersonCard | undefined
  isLiked: boolean
  pinnedId: string | null
  videoOwnerId: string
  durationMs: number | null
  usernames: ReadonlyMap<string, string>
}

export function toComment(row: CommentRow, { author, isLiked, pinnedId, videoOwnerId, durationMs, usernames }: About): Comment {
  const isDeleted = row.deleted_ms !== null
  return {
    id: row.id,
    text: row.text,
    author: isDeleted || !author ? null : author,
    createdAt: toMoment(row.created_ms),
    editedAt: row.edited_ms === null ? null : toMoment(row.edited_ms),
    replyTo: row.is_reply ? row.root_id : null,
    replies: row.replies,
    likes: row.likes,
    isLiked,
    isPinned: row.id === pinnedId,
    isDeleted,
    isByOwner: !isDeleted && row.author_id === videoOwnerId,
    isHeld: row.is_held === 1,
    mentions: mentionsOf(row).flatMap(({ start, end, accountId }) => {
      const username = usernames.get(accountId)
      return username === undefined ? [] : [{ start, end, username }]
    }),
    times: timesIn(row.text, durationMs),
  }
}

/** In a stub stands nothing, and so nobody in it. */
export const mentionsOf = ({ mentions, deleted_ms }: Pick<CommentRow, 'mentions' | 'deleted_ms'>): Mention[] =>
  mentions === null || deleted_ms !== null ? [] : (JSON.parse(mentions) as Mention[])

const toMoment = (ms: number) => new Date(ms).toISOString()
