import { type Static, Type } from 'typebox'
import { PersonCard, RoleName } from './accounts.ts'
import { Comment } from './comments.ts'
import { Id, Moment, nullable, page, PageQuery } from './common.ts'

const reportReasons = ['spam', 'abuse', 'illegal', 'sexual', 'violence', 'rights', 'other'] as const
const Reason = Type.Enum([...reportReasons])
const Thing = Type.Enum(['video', 'comment', 'danmaku', 'person'])
const Why = Type.String({ maxLength: 500 })

export const ReportBody = Type.Object({ reason: Reason, note: Type.Optional(Type.String({ maxLength: 1000 })) })
export type ReportBody = Static<typeof ReportBody>

const caseStates = ['open', 'upheld', 'dismissed'] as const

/** All reports of one thing are one case; what is reported again after a decision opens another. */
export const ReportCase = Type.Object({
  id: Id,
  thing: Thing,
  thingId: Id,
  /** Where it stands; null for a person. */
  videoId: nullable(Id),
  videoTitle: Type.String(),
  /** What it says, as far as it still stands: a title, a text, a name. */
  text: nullable(Type.String()),
  by: nullable(PersonCard),
  /** The latest ten. */
  reports: Type.Array(Type.Object({ reason: Reason, note: Type.String(), reporter: nullable(PersonCard), createdAt: Moment })),
  count: Type.Integer(),
  state: Type.Enum([...caseStates]),
  decision: nullable(Type.Object({ what: Type.String(), why: Type.String(), by: nullable(PersonCard), at: Moment })),
  createdAt: Moment,
})
export type ReportCase = Static<typeof ReportCase>

export const CasesQuery = Type.Object({
  ...PageQuery.properties,
  state: Type.Optional(Type.Enum([...caseStates])),
  thing: Type.Optional(Thing),
})
export type CasesQuery = Static<typeof CasesQuery>
/** Those that were reported last first. `open`: how many there are, at most 500. */
export const CasePage = Type.Object({ items: Type.Array(ReportCase), nextCursor: nullable(Type.String()), open: Type.Integer() })
export type CasePage = Static<typeof CasePage>

/**
 * `remove`: the thing goes (a film with a day's second thoughts); `hide`: only its author and moderators still see it; `dismiss`: nothing is wrong
 * with it. A person is muted or suspended at `/moderation/people/:username/…`, and their case then decided with `act`.
 */
export const DecideBody = Type.Object({ what: Type.Enum(['remove', 'hide', 'dismiss', 'act']), why: Type.Optional(Why) })
export type DecideBody = Static<typeof DecideBody>

/** Muted: says nothing anywhere; without a moment for good. */
export const MuteBody = Type.Object({ until: Type.Optional(nullable(Moment)), why: Type.String({ minLength: 1, maxLength: 500 }) })
export type MuteBody = Static<typeof MuteBody>

/** What a person wrote, at a glance. */
export const PersonSheet = Type.Object({
  person: PersonCard,
  role: RoleName,
  joinedAt: Moment,
  mute: nullable(Type.Object({ until: nullable(Moment), why: Type.String(), at: Moment })),
  suspension: nullable(Type.Object({ until: nullable(Moment), reason: Type.String() })),
  counts: Type.Object({ videos: Type.Integer(), comments: Type.Integer(), danmaku: Type.Integer(), upheld: Type.Integer() }),
  /** The latest thirty of each. */
  comments: Type.Array(Type.Object({ id: Id, videoId: Id, text: Type.String(), isHeld: Type.Boolean(), createdAt: Moment })),
  danmaku: Type.Array(Type.Object({ id: Id, videoId: Id, atMs: Type.Integer(), text: Type.String(), createdAt: Moment })),
  /** What the asking viewer may do to them: `mute`, `suspend`. */
  may: Type.Array(Type.String()),
})
export type PersonSheet = Static<typeof PersonSheet>

/** A comment that holds one of these, however spelled, waits for review. One in `/…/` is not a pattern, but itself. */
export const BlockedWords = Type.Object({ words: Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 500 }) })
export type BlockedWords = Static<typeof BlockedWords>

/** `all`: of the whole house, for moderators; otherwise below one's own films. */
export const HeldQuery = Type.Object({ ...PageQuery.properties, of: Type.Optional(Type.Enum(['own', 'all'])) })
export type HeldQuery = Static<typeof HeldQuery>
export const HeldPage = page(
  Type.Object({ comment: Comment, video: Type.Object({ id: Id, title: Type.String() }), why: Type.Enum(['review', 'words', 'hidden']) }),
)
export type HeldPage = Static<typeof HeldPage>
