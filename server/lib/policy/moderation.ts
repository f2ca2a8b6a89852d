import type { Role } from '../viewer.ts'
import { hasRole, outranks, type PolicyTable, type Rule } from './table.ts'

const moderators: Rule<unknown> = (viewer) => hasRole(viewer, 'moderator')

export const moderationPolicy = {
  'moderation.report': ((viewer) => hasRole(viewer, 'member')) as Rule<unknown>,
  /** The queue, what a person wrote, and the words of the house. */
  'moderation.see': moderators,
  'moderation.decide': moderators,
  'person.mute': ((viewer, { accountId, role }) =>
    viewer.kind === 'person' && hasRole(viewer, 'moderator') && viewer.accountId !== accountId && outranks(viewer.role, role)) as Rule<{
    accountId: string
    role: Role
  }>,
} as const satisfies PolicyTable
