import { type Static, Type } from 'typebox'
import { PersonCard } from './accounts.ts'
import { Id, Moment, nullable, PageQuery } from './common.ts'

/**
 * `comment`: below one's own film. `film_given`: those who look after the house made it one's own. `held`: something waits for one's word before others
 * see it. `moderated`: moderators did something to what is one's own; `text` is why.
 */
export const noticeKinds = [
  'reply',
  'mention',
  'comment',
  'held',
  'new_film',
  'film_ready',
  'film_failed',
  'film_given',
  'new_device',
  'moderated',
] as const
export type NoticeKind = (typeof noticeKinds)[number]
const Kind = Type.Enum([...noticeKinds])

/** What is alike is one notice until it is read: `count` things by `people` persons, `by` the last of them. */
export const Notice = Type.Object({
  id: Id,
  kind: Kind,
  /** Null where it was nobody, or somebody who is no more. */
  by: nullable(PersonCard),
  people: Type.Integer(),
  count: Type.Integer(),
  video: nullable(Type.Object({ id: Id, title: Type.String() })),
  commentId: nullable(Id),
  /** The beginning of what was said; of a new device its name; of what moderators did their reason. */
  text: Type.String(),
  createdAt: Moment,
  isRead: Type.Boolean(),
})
export type Notice = Static<typeof Notice>

export const NoticesQuery = PageQuery
/** `unread`: at most 99. */
export const NoticePage = Type.Object({ items: Type.Array(Notice), nextCursor: nullable(Type.String()), unread: Type.Integer() })
export type NoticePage = Static<typeof NoticePage>

/** All up to this one are read, on every device. */
export const ReadBody = Type.Object({ upTo: Id })
export const UnreadAnswer = Type.Object({ unread: Type.Integer() })
export type UnreadAnswer = Static<typeof UnreadAnswer>

/** Every kind, in an order that stays. Mail goes only to a confirmed address, and only for what was not read in the app within minutes. */
export const NoticeChoices = Type.Object({
  items: Type.Array(Type.Object({ kind: Kind, inApp: Type.Boolean(), byMail: Type.Boolean() })),
  /** The house can send mail, and this person has an address that is confirmed. */
  canMail: Type.Boolean(),
})
export type NoticeChoices = Static<typeof NoticeChoices>
export const ChangeNoticeChoiceBody = Type.Object({ kind: Kind, inApp: Type.Boolean(), byMail: Type.Boolean() })
export type ChangeNoticeChoiceBody = Static<typeof ChangeNoticeChoiceBody>
