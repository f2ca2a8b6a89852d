import { hasRole, type PolicyTable, type Rule } from './table.ts'

const members: Rule<unknown> = (viewer) => hasRole(viewer, 'member')

export const audiencePolicy = {
  /** Likes and favourites. */
  'video.mark': members,
  'history.keep': members,
  /** To follow, and to block. */
  'person.follow': members,
} as const satisfies PolicyTable
