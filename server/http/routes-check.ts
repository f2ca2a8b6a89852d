import { actions } from '#server/lib/may.ts'
import type { Answers, Route } from './route.ts'

type Shape = { properties?: Record<string, unknown> }

/**
 * What no route may lack, whatever it does: who may call it, in words that the policy knows; a limit where strangers may change something; a
 * rule of caching that cannot leak. Each complaint names the route.
 */
export function checkRoutes(routes: readonly Route[]): string[] {
  const complaints = routes.flatMap((route) => complaintsOf(route).map((text) => `${nameOf(route)}: ${text}`))
  return [...complaints, ...twins(routes)]
}

const nameOf = ({ method, path, at = 'api' }: Route) => `${method} ${at === 'root' ? '' : '/api'}${path}`

const isUnsafe = ({ method }: Route) => !['GET', 'HEAD', 'OPTIONS'].includes(method)

function complaintsOf(route: Route): string[] {
  return [...aboutAccess(route), ...aboutShape(route), ...aboutCaching(route), ...aboutForms(route)]
}

function* aboutAccess(route: Route): Iterable<string> {
  const { access } = route as { access?: unknown }
  if (!isAccess(access)) yield `says to nobody's satisfaction who may call it: ${JSON.stringify(access)}`
  if (route.access === 'anyone' && isUnsafe(route) && !route.limits?.length)
    yield 'may be called by strangers and changes something, but has no limit of its own'
  if (route.sessionless && route.access !== 'anyone') yield 'looks at no session, so nobody but anyone may call it'
  const hasOwnLimit = route.limits?.some(({ per }) => per === 'address')
  if (route.unguarded && isUnsafe(route) && !hasOwnLimit)
    yield 'changes something outside the flood guard, with no limit by address of its own'
  for (const { name, limit } of route.limits ?? []) {
    if (!/^[a-z][a-z0-9-]*$/.test(name)) yield `has a limit with an odd name: ${name}`
    if (!(limit.count > 0 && limit.periodMs > 0)) yield `has a limit that lets nothing or everything through: ${name}`
  }
}

function isAccess(access: unknown): boolean {
  if (access === 'anyone' || access === 'person') return true
  if (typeof access !== 'object' || access === null) return false
  const { role, action } = access as { role?: unknown; action?: unknown }
  if (role !== undefined) return (['owner', 'admin', 'moderator', 'member'] as unknown[]).includes(role)
  return (actions as unknown[]).includes(action)
}

function* aboutShape(route: Route): Iterable<string> {
  if (!/^\/([\w.@:*-]+(\/[\w.@:*-]+)*)?$/.test(route.path)) yield 'has a path that is none'
  if (route.at === 'root' && /^\/api(\/|$)/.test(route.path)) yield 'stands at the root but calls itself /api'
  if (!route.handle === !route.respond) yield 'needs one of handle and respond'
  if (route.area === '') yield 'belongs to no area'
  if (!/^[A-Z\p{Lo}].*[.]$/u.test(route.summary)) yield 'has no summary: a sentence that ends with a full stop'
  const statuses = Object.keys(route.answers as Answers).map(Number)
  if (statuses.length === 0 && !route.respond) yield 'declares no answer'
  if (statuses.some((status) => !(status >= 200 && status < 600))) yield 'declares an answer with an impossible status'
  if ([204, 304].some((status) => (route.answers as Answers)[status])) yield 'declares a body for an answer that has none'
  if (route.body !== undefined && !isUnsafe(route)) yield 'changes nothing but takes a body'
  const named = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '')
  const declared = Object.keys((route.params as Shape | undefined)?.properties ?? {})
  for (const name of named) if (!declared.includes(name)) yield `does not say what :${name} may be`
  for (const name of declared) if (!named.includes(name)) yield `describes :${name}, which its path does not have`
}

function* aboutCaching(route: Route): Iterable<string> {
  if (!route.cache) return
  if (route.method !== 'GET') yield 'is cached though it is no GET'
  if (route.access !== 'anyone') yield 'is cached for everybody though not anyone may call it'
  if (route.page || route.respond) yield 'is cached though each viewer is answered differently'
  if (Object.keys(route.answers as Answers).join() !== '200') yield 'is cached, so it answers 200 or throws'
  if (!(route.cache.freshMs > 0)) yield 'is cached for no time at all'
}

function* aboutForms(route: Route): Iterable<string> {
  if (route.form && (!isUnsafe(route) || typeof route.body !== 'object')) yield 'is for a form, which sends fields that a schema names'
  if (route.idempotent && (route.method !== 'POST' || route.respond || route.body === 'raw'))
    yield 'is called idempotent: only a POST of JSON can be'
  // Whoever lost the answer asks again, and must not have made two.
  const makes = route.method === 'POST' && route.handle !== undefined && route.body !== 'raw' && '201' in (route.answers ?? {})
  if (makes && !route.idempotent) yield 'makes something, and asked twice makes two: say idempotent, so that an Idempotency-Key is heeded'
}

function twins(routes: readonly Route[]): string[] {
  const seen = new Set<string>()
  return routes.flatMap((route) => {
    const { method, path, at = 'api' } = route
    const bare = path.replaceAll(/:\w+/g, ':')
    const places = [...(at === 'root' ? [] : [`${method} /api${bare}`]), ...(at === 'api' ? [] : [`${method} ${bare}`])]
    const known = places.filter((place) => seen.has(place))
    for (const place of places) seen.add(place)
    return known.map(() => `${nameOf(route)}: stands there twice`)
  })
}
