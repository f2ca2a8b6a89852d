import type { PersonCard } from '#shared/api/accounts.ts'
import type { Comment } from '#shared/api/comments.ts'
import type { CommentRow } from './store.ts'

type About = { author: PersonCard | undefined; isLiked: boolean; pinnedId: string | null; videoOwnerId: string }

export function toComment(row: CommentRow, { author, isLiked, pinnedId, videoOwnerId }: About): Comment {
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
  }
}

const toMoment = (ms: number) => new Date(ms).toISOString()
