import { Problem } from '#server/lib/problem.ts'
import type { Stranger, Viewer } from '#server/lib/viewer.ts'
import { checkAccess } from './access.ts'
import { cookieName, readCookie, writeCookie } from './cookies.ts'
import type { Exchange } from './exchange.ts'
import type { Limits } from './limits.ts'
import type { Origins } from './origins.ts'
import type { Plan } from './plan.ts'
import { sessionInvalid } from './problems.ts'
import { sessionCookie } from './route.ts'

/** What somebody shows to be known by, and who it would be without that. */
export type Credentials = { token: string; via: 'cookie' | 'bearer'; stranger: Stranger; userAgent: string }

/** Handed in by whoever keeps accounts. What it cannot find is a Problem of the kind `unauthenticated`; answers at once where it can. */
export type Authenticate = (credentials: Credentials) => Viewer | Problem | Promise<Viewer | Problem>

/** Lets in, or throws. Waits only where there is something to wait for: most requests go through without. */
export type Admit = (exchange: Exchange, plan: Plan) => Promise<void> | undefined

/** Who may come in, in this order: from the right page, not too often, known, not too often as a person, allowed. */
export function createAdmission(parts: { authenticate: Authenticate; limits: Limits; origins: Origins }): Admit {
  const { origins, limits } = parts

  const recognise = (exchange: Exchange, plan: Plan): Promise<void> | undefined => {
    const stranger = strangerOf(exchange)
    exchange.viewer = stranger
    const shown = plan.route.sessionless ? undefined : showOf(exchange)
    if (!shown) return enter(exchange, plan)
    const found = parts.authenticate({ ...shown, stranger, userAgent: exchange.request.headers['user-agent'] ?? '' })
    const judge = (viewer: Viewer | Problem) => {
      if (viewer instanceof Problem) refuse(exchange, plan, { problem: viewer, via: shown.via })
      else exchange.viewer = viewer
      return enter(exchange, plan)
    }
    return found instanceof Promise ? found.then(judge) : judge(found)
  }

  const refuse = (exchange: Exchange, plan: Plan, { problem, via }: { problem: Problem; via: 'cookie' | 'bearer' }) => {
    if (problem.kind === 'unavailable') throw problem
    // A dead cookie is taken away, or the browser would show it for ever.
    if (via === 'cookie') {
      exchange.headers.push('set-cookie', writeCookie({ name: sessionCookie, value: '', maxAgeS: 0 }, exchange.client.isSecure))
      if (plan.route.page) return
    }
    limits.takeFlood(exchange)
    throw problem.kind === 'unauthenticated' ? problem : sessionInvalid()
  }

  const enter = (exchange: Exchange, plan: Plan): Promise<void> | undefined => {
    if (!plan.route.unguarded) limits.takeFlood(exchange)
    const counted = limits.takeByPerson(exchange, plan.limits)
    const check = () => checkAccess(plan.route.access, exchange.viewer ?? strangerOf(exchange))
    return counted ? counted.then(check) : check()
  }

  return (exchange, plan) => {
    const { request, client } = exchange
    if (origins.hasForeign && !plan.route.page) addOriginHeaders(exchange, origins)
    if (plan.isUnsafe) origins.check(request, { client, cookie: hasSessionCookie(exchange) })
    const counted = limits.takeByAddress(exchange, plan.limits)
    return counted ? counted.then(() => recognise(exchange, plan)) : recognise(exchange, plan)
  }
}

export function strangerOf(exchange: Exchange): Stranger {
  return { kind: 'stranger', language: exchange.language, address: exchange.client.address }
}

/** A header that speaks of a bearer, or of nothing known, is a token and is judged; what belongs to a proxy in front (Basic …) is not ours. */
export function showOf(exchange: Pick<Exchange, 'request' | 'client'>): { token: string; via: 'cookie' | 'bearer' } | undefined {
  const { authorization, cookie } = exchange.request.headers
  if (authorization !== undefined && !/^(?:basic|digest|negotiate|ntlm) /i.test(authorization)) {
    return { token: authorization.replace(/^bearer +/i, ''), via: 'bearer' }
  }
  const token = readCookie(cookie, cookieName(sessionCookie, exchange.client.isSecure))
  return token === undefined || token === '' ? undefined : { token, via: 'cookie' }
}

function hasSessionCookie({ request }: Exchange): boolean {
  const { cookie } = request.headers
  return cookie !== undefined && (readCookie(cookie, sessionCookie) ?? readCookie(cookie, cookieName(sessionCookie, true))) !== undefined
}

function addOriginHeaders(exchange: Exchange, origins: Origins): void {
  const allowed = origins.allowedForeign(exchange.request.headers.origin)
  if (allowed !== undefined) exchange.headers.push('access-control-allow-origin', allowed, 'access-control-expose-headers', exposed)
  exchange.headers.push('vary', 'origin')
}

const exposed =
  'etag, location, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset, x-request-id, matinee-wrote, tus-resumable, upload-offset, upload-length, upload-expires, upload-metadata, upload-concat, tus-version, tus-extension, tus-max-size, tus-checksum-algorithm'
