import { Problem } from '#server/lib/problem.ts'
import type { Role, Viewer } from '#server/lib/viewer.ts'
import type { Access } from './door.ts'

const rank: Record<Role, number> = { member: 0, moderator: 1, admin: 2, owner: 3 }

/** What the door asks. What a person may do to a thing is the service's question. */
export function checkAccess(access: Access, viewer: Viewer): void {
  if (access === 'anyone' || (typeof access === 'object' && 'action' in access)) return
  if (viewer.kind !== 'person') throw new Problem('unauthenticated', 'session.needed')
  if (access !== 'person' && rank[viewer.role] < rank[access.role]) throw new Problem('forbidden', 'access.forbidden')
}
