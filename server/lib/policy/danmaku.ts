import { hasRole, isPerson, type PolicyTable, type Rule } from './table.ts'

export type DanmakuThing = { authorId: string; videoOwnerId: string }

export const danmakuPolicy = {
  'danmaku.create': ((viewer) => hasRole(viewer, 'member')) as Rule<unknown>,
  'danmaku.delete': ((viewer, { authorId, videoOwnerId }) =>
    isPerson(viewer, authorId) || isPerson(viewer, videoOwnerId) || hasRole(viewer, 'moderator')) as Rule<DanmakuThing>,
  /** Who sent which. */
  'danmaku.inspect': ((viewer, { videoOwnerId }) => isPerson(viewer, videoOwnerId) || hasRole(viewer, 'moderator')) as Rule<
    Pick<DanmakuThing, 'videoOwnerId'>
  >,
  'danmaku.import': ((viewer, { videoOwnerId }) => isPerson(viewer, videoOwnerId) || hasRole(viewer, 'admin')) as Rule<
    Pick<DanmakuThing, 'videoOwnerId'>
  >,
} as const satisfies PolicyTable
