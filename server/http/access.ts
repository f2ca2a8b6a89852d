import { hasRole } from '#server/lib/policy/table.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import { notAllowed, notLoggedIn, secondFactorNeeded } from './problems.ts'
import type { Access } from './route.ts'

/**
 * The door alone. A route that names an action lets everybody through to the service, which asks `may`; but whoever does not get in
 * here does not get in at all.
 */
export function checkAccess(access: Access, viewer: Viewer): undefined {
  if (access === 'anyone') return
  if (typeof access === 'object' && 'action' in access) return
  if (viewer.kind === 'stranger') throw notLoggedIn()
  if (access === 'person' || hasRole(viewer, access.role)) return
  throw viewer.needsSecondFactor ? secondFactorNeeded() : notAllowed()
}
