import type { Role } from '../viewer.ts'
import { hasRole, isPerson, outranks, type PolicyTable, type Rule } from './table.ts'

export type ProfileThing = { accountId: string; audience: 'everyone' | 'members' | 'nobody' }
export type AccountThing = { accountId: string; role: Role }
export type RoleChange = AccountThing & { to: Role }

const own: Rule<{ accountId: string }> = (viewer, { accountId }) => isPerson(viewer, accountId)

const adminAbove: Rule<AccountThing> = (viewer, { accountId, role }) =>
  viewer.kind === 'person' && hasRole(viewer, 'admin') && outranks(viewer.role, role) && viewer.accountId !== accountId

export const accountPolicy = {
  'profile.see': ((viewer, { accountId, audience }) => {
    if (isPerson(viewer, accountId) || hasRole(viewer, 'moderator')) return true
    return audience === 'everyone' || (audience === 'members' && viewer.kind === 'person')
  }) as Rule<ProfileThing>,
  /** Profile, name, password, address, second factor, sessions: everybody their own. */
  'account.change': own,
  'account.close': ((viewer, thing) => own(viewer, thing) || adminAbove(viewer, thing)) as Rule<AccountThing>,
  /** Suspend, approve, end sessions, make a link for a new password, take away a lost second factor. */
  'person.manage': adminAbove,
  /**
   * Admins make and unmake moderators; only the owner makes and unmakes admins. Who gives the ownership away becomes an admin. Nobody changes
   * their own role.
   */
  'person.role': ((viewer, thing) => {
    if (!adminAbove(viewer, thing) || viewer.kind !== 'person') return false
    return viewer.role === 'owner' || outranks(viewer.role, thing.to)
  }) as Rule<RoleChange>,
} as const satisfies PolicyTable
