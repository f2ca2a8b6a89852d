import { hasRole, isPerson, type PolicyTable, type Rule } from './table.ts'

export type CommentThing = { authorId: string; videoOwnerId: string }

export const commentPolicy = {
  'comment.create': ((viewer) => hasRole(viewer, 'member')) as Rule<unknown>,
  /** One's words are one's own: nobody else puts others into them. */
  'comment.change': ((viewer, { authorId }) => isPerson(viewer, authorId)) as Rule<CommentThing>,
  'comment.delete': ((viewer, { authorId, videoOwnerId }) =>
    isPerson(viewer, authorId) || isPerson(viewer, videoOwnerId) || hasRole(viewer, 'moderator')) as Rule<CommentThing>,
  /** Which wait, and which of them go through. What moderators have hidden, they alone let through. */
  'comment.review': ((viewer, { videoOwnerId, isHidden }) =>
    hasRole(viewer, 'moderator') || (isPerson(viewer, videoOwnerId) && isHidden !== true)) as Rule<
    Pick<CommentThing, 'videoOwnerId'> & { isHidden?: boolean }
  >,
  'comment.pin': ((viewer, { videoOwnerId }) => isPerson(viewer, videoOwnerId)) as Rule<CommentThing>,
} as const satisfies PolicyTable
