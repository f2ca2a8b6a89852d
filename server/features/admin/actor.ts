import { type Action, demand, type ThingOf } from '#server/lib/may.ts'
import type { Viewer } from '#server/lib/viewer.ts'

/** Who acts: somebody over HTTP, or whoever sits at the machine. The command line may do all, and is named in the log as itself. */
export type Actor = Viewer | { kind: 'console' }

export function allow<A extends Action>(actor: Actor, action: A, thing?: ThingOf<A>): void {
  if (actor.kind === 'console') return
  ;(demand as (viewer: Viewer, action: Action, thing: unknown) => void)(actor, action, thing)
}

export function actorId(actor: Actor): string | null {
  return actor.kind === 'person' ? actor.accountId : null
}
