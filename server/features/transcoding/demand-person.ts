import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'

/** Strangers are asked who they are, whatever there is. */
export function demandPerson(viewer: Viewer): void {
  if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
}
