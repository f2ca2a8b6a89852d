import { type Static, Type } from 'typebox'
import { Id, Moment, nullable } from './common.ts'

/** What belongs to a film besides its cells. */
export const TextItem = Type.Object({
  id: Id,
  /** `und`: nobody said. */
  language: Type.String(),
  label: Type.String(),
  /** `picture`: its letters are pictures, which can not be converted; it is named, and there is nothing to fetch. */
  kind: Type.String(),
})
export const TextList = Type.Object({ items: Type.Array(TextItem) })
export type TextList = Static<typeof TextList>

export const TextQuery = Type.Object({
  language: Type.String({ pattern: '^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}$' }),
  label: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
})
/** What is left out stays. */
export const ChangeTextQuery = Type.Partial(TextQuery)
export const TextParams = Type.Object({ vid: Id, id: Id })

/** Milliseconds from the beginning of the film. */
export const ChoosePosterBody = Type.Object({ atMs: Type.Integer({ minimum: 0, maximum: 86_400_000 }) })

export const AgainBody = Type.Object({ row: Type.Optional(Type.String({ pattern: '^[av]\\d{1,4}$' })) })

/** Addresses that need no session. */
export const SignedAnswer = Type.Object({
  master: Type.String(),
  original: Type.String(),
  /** The original as a file, by ranges. */
  file: Type.String(),
  expiresAt: Moment,
})

export const StreamSeats = Type.Object({
  items: Type.Array(Type.Object({ id: Type.String(), videoId: Id, device: Type.String(), since: Moment })),
})
export type StreamSeats = Static<typeof StreamSeats>

const span = Type.Integer({ minimum: 0, maximum: 86_400_000 })
const count = Type.Integer({ minimum: 0, maximum: 10_000 })

/** Since the last report of this playback. `startMs` only in the first: from the wish to watch to the first picture. */
export const StreamReportBody = Type.Object({
  startMs: Type.Optional(span),
  watchedMs: span,
  stalls: count,
  stalledMs: span,
  kbps: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  errors: count,
})
export type StreamReportBody = Static<typeof StreamReportBody>

export const StreamFigures = Type.Object({
  seats: Type.Object({ held: Type.Integer(), limit: Type.Integer() }),
  days: Type.Array(
    Type.Object({
      day: Type.String(),
      plays: Type.Integer(),
      meanStartMs: nullable(Type.Integer()),
      stalls: Type.Integer(),
      stalledMs: Type.Integer(),
      watchedMs: Type.Integer(),
      errors: Type.Integer(),
      meanKbps: nullable(Type.Integer()),
    }),
  ),
})
export type StreamFigures = Static<typeof StreamFigures>
