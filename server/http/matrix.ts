import { hasRole } from '#server/lib/policy/table.ts'
import type { Person } from '#server/lib/viewer.ts'
import type { Route } from './route.ts'

/** Everybody who may stand before a door. */
export const viewerKinds = [
  'stranger',
  'member',
  'other member',
  'moderator',
  'admin',
  'owner',
  'revoked session',
  'expired token',
] as const
export type ViewerKind = (typeof viewerKinds)[number]

/**
 * What the door does, before any service is asked. `in`: neither 401 nor 403 comes from the door; what follows is the service's answer.
 * `asks`: the door lets in, and `may` decides by the thing: who asks the service must expect what the policy says.
 */
export type Outcome = 'in' | 'asks' | 'unauthenticated' | 'forbidden'

export type Cell = {
  route: Route
  method: Route['method']
  /** Each place where the route answers, with its parameters as `:name`. */
  path: string
  kind: ViewerKind
  expected: Outcome
}

/**
 * Every route × every place it answers at × every kind of viewer, with what its door must do. Tokens are shown as a bearer does; only where a
 * browser shows a dead one as a cookie to a page, the page takes it away and lets in.
 */
export function accessMatrix(routes: readonly Route[]): Cell[] {
  return routes.flatMap((route) =>
    placesOf(route).flatMap((path) =>
      viewerKinds.map((kind) => ({ route, method: route.method, path, kind, expected: expectedOf(route, kind) })),
    ),
  )
}

function placesOf({ path, at = 'api' }: Route): string[] {
  return [...(at === 'root' ? [] : [`/api${path}`]), ...(at === 'api' ? [] : [path])]
}

function expectedOf(route: Route, kind: ViewerKind): Outcome {
  const isDead = kind === 'revoked session' || kind === 'expired token'
  if (isDead && !route.sessionless) return 'unauthenticated'
  const { access } = route
  if (access === 'anyone') return 'in'
  if (typeof access === 'object' && 'action' in access) return 'asks'
  if (isDead || kind === 'stranger') return 'unauthenticated'
  if (access === 'person') return 'in'
  const role: Person['role'] = kind === 'other member' ? 'member' : kind
  return hasRole({ kind: 'person', role } as Person, access.role) ? 'in' : 'forbidden'
}

/** An address of a route, with a harmless value for each parameter, or the one given. */
export function fillPath(path: string, values: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? 'x')).replaceAll('*', 'x')
}
