import type { Role, Viewer } from '#server/lib/viewer.ts'
import { notLoggedIn, roleTooLow } from './problems.ts'
import type { Access } from './route.ts'

const rank: Readonly<Record<Role, number>> = { member: 0, moderator: 1, admin: 2, owner: 3 }

export const isAtLeast = (role: Role, needed: Role) => rank[role] >= rank[needed]

/**
 * The door alone. A route that names an action lets everybody through to the service, which asks `may`; but whoever does not get in
 * here does not get in at all.
 */
export function checkAccess(access: Access, viewer: Viewer): undefined {
  if (access === 'anyone') return
  if (typeof access === 'object' && 'action' in access) return
  if (viewer.kind === 'stranger') throw notLoggedIn()
  if (access !== 'person' && !isAtLeast(viewer.role, access.role)) throw roleTooLow()
}
