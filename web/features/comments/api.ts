import type { CommentPage } from '#shared/api/comments.ts'
import { type Reading, reading } from '#web/lib/reading.ts'

export type CommentSort = 'new' | 'top'

export const commentsPath = (vid: string) => `/videos/${encodeURIComponent(vid)}/comments`

export const commentsOf = (vid: string, sort: CommentSort): Reading<CommentPage> => reading(`${commentsPath(vid)}?sort=${sort}&limit=30`)

export const repliesTo = (vid: string, commentId: string): Reading<CommentPage> =>
  reading(`${commentsPath(vid)}?repliesTo=${commentId}&limit=20`)
