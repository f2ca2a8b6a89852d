import { type Static, Type } from 'typebox'
import { nullable } from './common.ts'

export const viewSources = ['home', 'search', 'channel', 'tag', 'related', 'list', 'link', 'other'] as const

export const FiguresQuery = Type.Object({ days: Type.Optional(Type.Integer({ minimum: 1, maximum: 365 })) })

/** What each number is stands in docs/figures.md. */
export const VideoFigures = Type.Object({
  views: Type.Integer(),
  people: Type.Integer(),
  watchedMs: Type.Integer(),
  likes: Type.Integer(),
  comments: Type.Integer(),
  danmaku: Type.Integer(),
  /** Every day of the span, the oldest first. */
  days: Type.Array(Type.Object({ day: Type.String(), views: Type.Integer(), watchedMs: Type.Integer() })),
  /** For each hundredth of the film: of those who watched, the share that watched there. Empty where nobody did, or nobody knows how long it is. */
  stays: Type.Array(Type.Number()),
  sources: Type.Array(Type.Object({ from: Type.Enum([...viewSources]), views: Type.Integer() })),
  meanStartMs: nullable(Type.Integer()),
})
export type VideoFigures = Static<typeof VideoFigures>
