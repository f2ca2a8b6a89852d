import { type Static, Type } from 'typebox'
import { PersonCard } from './accounts.ts'
import { Id, IdParams, Moment, nullable, PageQuery } from './common.ts'

const Reason = Type.Enum(['spam', 'abuse', 'illegal', 'sexual', 'violence', 'rights', 'other'])
const Thing = Type.Enum(['video', 'comment', 'danmaku', 'person'])

export const ReportBody = Type.Object({ reason: Reason, note: Type.Optional(Type.String({ maxLength: 1000 })) })
export type ReportBody = Static<typeof ReportBody>

/** All reports of one thing are one case. */
export const ReportCase = Type.Object({
  id: Id,
  thing: Thing,
  thingId: Type.String(),
  videoId: nullable(Id),
  /** What it says, as far as it still stands. */
  text: nullable(Type.String()),
  by: nullable(PersonCard),
  reasons: Type.Array(Type.Object({ reason: Reason, note: Type.String(), reporter: nullable(PersonCard), createdAt: Moment })),
  count: Type.Integer(),
  state: Type.Enum(['open', 'upheld', 'dismissed']),
  createdAt: Moment,
})
export type ReportCase = Static<typeof ReportCase>

export const CasesQuery = Type.Object({ ...PageQuery.properties, state: Type.Optional(Type.Enum(['open', 'upheld', 'dismissed'])) })
export type CasesQuery = Static<typeof CasesQuery>
export const CasePage = Type.Object({ items: Type.Array(ReportCase), nextCursor: nullable(Type.String()), open: Type.Integer() })
export type CasePage = Static<typeof CasePage>

export const CaseParams = IdParams
/** `remove`: the thing goes; `hide`: only its author and moderators still see it; `dismiss`: nothing is wrong with it. */
export const DecideBody = Type.Object({
  what: Type.Enum(['remove', 'hide', 'dismiss']),
  why: Type.Optional(Type.String({ maxLength: 500 })),
})
export type DecideBody = Static<typeof DecideBody>

/** Muted: says nothing; until then, or for good. */
export const MuteBody = Type.Object({ untilAt: Type.Optional(nullable(Moment)), why: Type.Optional(Type.String({ maxLength: 500 })) })
export type MuteBody = Static<typeof MuteBody>
