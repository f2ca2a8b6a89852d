import { type Static, Type } from 'typebox'
import { Id, Moment, nullable, PageQuery } from './common.ts'
import { viewSources } from './figures.ts'
import { VideoCard } from './videos.ts'

const day = 86_400_000

/** Where the film stands now. */
export const ProgressBody = Type.Object({
  atMs: Type.Integer({ minimum: 0, maximum: 30 * day }),
  durationMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 30 * day })),
})
export type ProgressBody = Static<typeof ProgressBody>

/** What was watched of it without a break or with some; told again and again, it counts once. */
const AtMs = Type.Integer({ minimum: 0, maximum: 30 * day })
export const ViewBody = Type.Object({
  watchedMs: AtMs,
  /** From where one came to it. */
  from: Type.Optional(Type.Enum([...viewSources])),
  /** What was watched since the last report. */
  seen: Type.Optional(Type.Array(Type.Object({ startMs: AtMs, endMs: AtMs }), { maxItems: 50 })),
})
export type ViewBody = Static<typeof ViewBody>

export const HistoryQuery = Type.Object({ ...PageQuery.properties, q: Type.Optional(Type.String({ maxLength: 100 })) })
export type HistoryQuery = Static<typeof HistoryQuery>

const HistoryItem = Type.Object({ ...VideoCard.properties, watchedAt: Moment, isFinished: Type.Boolean() })

/** Newest first. Paused: nothing new is written down. */
export const HistoryPage = Type.Object({ items: Type.Array(HistoryItem), nextCursor: nullable(Type.String()), isPaused: Type.Boolean() })
export type HistoryPage = Static<typeof HistoryPage>

export const PausedBody = Type.Object({ isPaused: Type.Boolean() })

export const HistoryExport = Type.Object({
  items: Type.Array(
    Type.Object({ videoId: Id, title: Type.String(), atMs: Type.Integer(), durationMs: nullable(Type.Integer()), watchedAt: Moment }),
  ),
})
export type HistoryExport = Static<typeof HistoryExport>
