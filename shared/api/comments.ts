import { type Static, Type } from 'typebox'
import { PersonCard } from './accounts.ts'
import { Id, Moment, nullable, PageQuery } from './common.ts'

const Text = Type.String({ minLength: 1, maxLength: 5000 })

export const Comment = Type.Object({
  id: Id,
  /** Empty where it was deleted and replies to it stand. */
  text: Type.String(),
  /** Null where it was deleted. */
  author: nullable(PersonCard),
  createdAt: Moment,
  editedAt: nullable(Moment),
  replyTo: nullable(Id),
  replies: Type.Integer(),
  likes: Type.Integer(),
  isLiked: Type.Boolean(),
  isPinned: Type.Boolean(),
  isDeleted: Type.Boolean(),
  /** Said by whoever owns the video. */
  isByOwner: Type.Boolean(),
  /** Seen by its author and the keepers alone, until it has been looked at. */
  isHeld: Type.Boolean(),
  /** Pieces of the text, from `start` to before `end`, in UTF-16 units: who is meant, and which moment of the film. */
  mentions: Type.Array(Type.Object({ start: Type.Integer(), end: Type.Integer(), username: Type.String() })),
  times: Type.Array(Type.Object({ start: Type.Integer(), end: Type.Integer(), atMs: Type.Integer() })),
})
export type Comment = Static<typeof Comment>

/** `total`: replies too. */
export const CommentPage = Type.Object({ items: Type.Array(Comment), nextCursor: nullable(Type.String()), total: Type.Integer() })
export type CommentPage = Static<typeof CommentPage>

export const CommentsParams = Type.Object({ vid: Id })
export const CommentParams = Type.Object({ vid: Id, commentId: Id })

export const CommentsQuery = Type.Object({
  ...PageQuery.properties,
  sort: Type.Optional(Type.Enum(['new', 'top'])),
  /** The replies to this comment, oldest first. */
  repliesTo: Type.Optional(Id),
})
export type CommentsQuery = Static<typeof CommentsQuery>

export const AddCommentBody = Type.Object({ text: Text, replyTo: Type.Optional(nullable(Id)) })
export type AddCommentBody = Static<typeof AddCommentBody>
export const ChangeCommentBody = Type.Object({ text: Text })
