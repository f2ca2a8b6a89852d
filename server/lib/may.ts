import { accountPolicy } from './policy/accounts.ts'
import { adminPolicy } from './policy/admin.ts'
import { audiencePolicy } from './policy/audience.ts'
import { commentPolicy } from './policy/comments.ts'
import { danmakuPolicy } from './policy/danmaku.ts'
import { moderationPolicy } from './policy/moderation.ts'
import { playlistPolicy } from './policy/playlists.ts'
import type { Rule } from './policy/table.ts'
import { videoPolicy } from './policy/videos.ts'
import { Problem } from './problem.ts'
import type { Viewer } from './viewer.ts'

/** Every action there is. An area adds its table here. */
const policy = {
  ...accountPolicy,
  ...adminPolicy,
  ...videoPolicy,
  ...commentPolicy,
  ...audiencePolicy,
  ...danmakuPolicy,
  ...moderationPolicy,
  ...playlistPolicy,
}

export type Action = keyof typeof policy
export type ThingOf<A extends Action> = (typeof policy)[A] extends Rule<infer T> ? T : never
// A rule that looks at no thing needs none.
type About<A extends Action> = unknown extends ThingOf<A> ? [thing?: unknown] : [thing: ThingOf<A>]

/** What somebody may still do whom the house obliges to set up a second factor first. */
const beforeSecondFactor: ReadonlySet<string> = new Set<Action>(['profile.see', 'account.change', 'account.close'])

export const actions = Object.keys(policy) as Action[]

/**
 * The one question and the one answer: pages, routes, sockets, playlists and pictures all ask here.
 * A rule that fails, and an action that nobody knows, is a no.
 */
export function may<A extends Action>(viewer: Viewer, action: A, ...[thing]: About<A>): boolean {
  try {
    if (viewer.kind === 'person' && viewer.needsSecondFactor && !beforeSecondFactor.has(action)) return false
    return Object.hasOwn(policy, action) && (policy[action] as Rule<unknown>)(viewer, thing) === true
  } catch {
    return false
  }
}

/** Throws what the caller can act on: to log in, to set up the second factor, or to leave it. */
export function demand<A extends Action>(viewer: Viewer, action: A, ...about: About<A>): void {
  if (may(viewer, action, ...about)) return
  if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
  if (viewer.needsSecondFactor && !beforeSecondFactor.has(action)) throw new Problem('forbidden', 'second_factor.needed')
  throw new Problem('forbidden', 'access.forbidden')
}
