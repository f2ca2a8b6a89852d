import { type Static, Type } from 'typebox'
import { PersonCard } from './accounts.ts'
import { Id, Moment, nullable, PageQuery } from './common.ts'

const Kind = Type.Enum(['reply', 'mention', 'comment', 'new_film', 'film_ready', 'film_failed', 'held'])

export const Notice = Type.Object({
  id: Id,
  kind: Kind,
  /** Who did it; null where it was nobody. */
  by: nullable(PersonCard),
  video: nullable(Type.Object({ id: Id, title: Type.String() })),
  commentId: nullable(Id),
  /** The beginning of what was said. */
  text: Type.String(),
  createdAt: Moment,
  isRead: Type.Boolean(),
})
export type Notice = Static<typeof Notice>

export const NoticePage = Type.Object({ items: Type.Array(Notice), nextCursor: nullable(Type.String()), unread: Type.Integer() })
export type NoticePage = Static<typeof NoticePage>
export const NoticesQuery = PageQuery

/** All up to this one are read. */
export const ReadBody = Type.Object({ upTo: Id })
export const UnreadAnswer = Type.Object({ unread: Type.Integer() })
