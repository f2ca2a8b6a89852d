import type { IncomingMessage } from 'node:http'
import { Problem } from '#server/lib/problem.ts'
import type { Stranger, Viewer } from '#server/lib/viewer.ts'
import type { Log } from '#server/ports/log.ts'
import { checkAccess } from './access.ts'
import { type CallParts, readCall, type Sent } from './call.ts'
import { cookieName, readCookie, writeCookie } from './cookies.ts'
import type { Exchange } from './exchange.ts'
import type { Limits } from './limits.ts'
import type { Plan, Serialize } from './plan.ts'
import { type ProblemAnswer, problemAnswer, toProblem } from './problem-answers.ts'
import { sessionInvalid } from './problems.ts'
import { type Answer, type Answers, sessionCookie } from './route.ts'
import type { KnownAddress, RouteCache } from './route-cache.ts'
import type { SecurityHeaders } from './security-headers.ts'
import { write } from './write.ts'

/** What somebody shows to be known by. `token` is undefined where nothing was shown. */
export type Credentials = { token: string | undefined; via: 'cookie' | 'bearer'; stranger: Stranger; userAgent: string }

/** Handed in by whoever keeps accounts. What it cannot find is a Problem of the kind `unauthenticated`; answers at once where it can. */
export type Authenticate = (credentials: Credentials & { token: string }) => Viewer | Problem | Promise<Viewer | Problem>

/** Runs the work of one caller, so that reads see the caller's own writes. */
export type ViewerScope = <T>(viewer: Viewer, work: () => Promise<T>) => Promise<T>

/** Shows a problem as a page. */
export type ProblemPage = (shown: {
  status: number
  title: string
  detail: string | undefined
  code: string
  viewer: Viewer
  requestId: string
  request: IncomingMessage
  origin: string
  formToken(): string
}) => Promise<string>

export type PipelineParts = CallParts & {
  authenticate: Authenticate
  limits: Limits
  log: Log
  security: SecurityHeaders
  scope: ViewerScope
  problemPage: ProblemPage
  routeCache: RouteCache
}

export type Pipeline = {
  run(exchange: Exchange, plan: Plan, sent: Sent, serialize: Serialize): Promise<void>
  /** Ends an exchange with what was thrown, if it can still be told. */
  fail(exchange: Exchange, thrown: unknown): Promise<void>
  /** Answers an address that the route cache knows, with limits, identity and counting as ever, but without the framework. */
  hit(exchange: Exchange, address: KnownAddress): Promise<void>
}

export function createPipeline(parts: PipelineParts): Pipeline {
  const { origins, limits, security, scope } = parts

  /**
   * Who may come in, in this order: from the right page, not too often, known, not too often as a person, allowed. Waits only where there is
   * something to wait for: most requests go through without.
   */
  const admit = (exchange: Exchange, plan: Plan): Promise<void> | undefined => {
    const { request, client } = exchange
    addOriginHeaders(exchange, plan, parts)
    if (plan.isUnsafe) origins.check(request, { client, cookie: hasSessionCookie(exchange) })
    const counted = limits.takeByAddress(exchange, plan.limits)
    return counted ? counted.then(() => recognise(exchange, plan)) : recognise(exchange, plan)
  }

  const recognise = (exchange: Exchange, plan: Plan): Promise<void> | undefined => {
    const stranger: Stranger = { kind: 'stranger', language: exchange.language, address: exchange.client.address }
    exchange.viewer = stranger
    const shown = plan.route.sessionless ? undefined : showOf(exchange)
    if (!shown) return enter(exchange, plan)
    const found = parts.authenticate({ ...shown, stranger, userAgent: exchange.request.headers['user-agent'] ?? '' })
    const judge = (viewer: Viewer | Problem) => {
      if (viewer instanceof Problem) refuseToken(exchange, plan, { viewer, via: shown.via })
      else exchange.viewer = viewer
      return enter(exchange, plan)
    }
    return found instanceof Promise ? found.then(judge) : judge(found)
  }

  const refuseToken = (exchange: Exchange, plan: Plan, { viewer: problem, via }: { viewer: Problem; via: 'cookie' | 'bearer' }) => {
    // A dead cookie is taken away, or the browser would show it for ever.
    if (via === 'cookie') {
      exchange.headers.push('set-cookie', writeCookie({ name: sessionCookie, value: '', maxAgeS: 0 }, exchange.client.isSecure))
      if (plan.route.page) return
    }
    limits.takeFlood(exchange)
    throw problem.kind === 'unauthenticated' || problem.kind === 'unavailable' ? problem : sessionInvalid()
  }

  const enter = (exchange: Exchange, plan: Plan): Promise<void> | undefined => {
    if (!plan.route.unguarded) limits.takeFlood(exchange)
    const counted = limits.takeByPerson(exchange, plan.limits)
    const check = () => checkAccess(plan.route.access, viewerOf(exchange))
    return counted ? counted.then(check) : check()
  }

  const run = async (exchange: Exchange, plan: Plan, sent: Sent, serialize: Serialize) => {
    exchange.plan = plan
    try {
      const admitted = admit(exchange, plan)
      if (admitted) await admitted
      const { route } = plan
      const { request, response } = exchange
      if (request.headers.expect !== undefined) response.writeContinue()
      const call = await readCall(exchange, plan, sent, parts)
      if (route.cache) return await parts.routeCache.answer(exchange, parts.routeCache.know(exchange, plan, call, serialize))
      if (route.respond) {
        layHeaders(exchange, security.data(exchange.client.isSecure))
        await scope(call.viewer, () => route.respond?.(call, response) ?? Promise.resolve())
        return
      }
      const answer = await scope(call.viewer, () => handlerOf(plan)(call as never))
      await answerWith(exchange, plan, answer, serialize)
    } catch (thrown) {
      await fail(exchange, thrown)
    }
  }

  const hit = async (exchange: Exchange, address: KnownAddress) => {
    exchange.plan = address.plan
    try {
      const admitted = admit(exchange, address.plan)
      if (admitted) await admitted
      await parts.routeCache.answer(exchange, address)
    } catch (thrown) {
      await fail(exchange, thrown)
    }
  }

  const answerWith = async (exchange: Exchange, plan: Plan, answer: Answer<Answers>, serialize: Serialize) => {
    const { headers, contentType } = headersOf(exchange, plan, answer, security)
    const schema = (plan.route.answers as Answers)[answer.status]
    const body = 'body' in answer ? serialize(answer.status, schema, answer.body) : 'bytes' in answer ? answer.bytes : undefined
    const isRead = !plan.isUnsafe && answer.status === 200
    await write(exchange, {
      status: answer.status,
      headers,
      contentType,
      body: body as string | undefined,
      isTaggable: isRead,
      isCompressible: !answer.cookies?.length,
    })
  }

  const noted = new WeakSet<object>()
  const note = (exchange: Exchange, error: unknown) => {
    // Many may have waited for the one flight that failed: its story is told once.
    if (typeof error === 'object' && error !== null) {
      if (noted.has(error)) return
      noted.add(error)
    }
    parts.log.error('http.failed', { error, route: exchange.plan?.name ?? '', requestId: exchange.id })
  }

  const fail = async (exchange: Exchange, thrown: unknown) => {
    const { problem, isBug } = toProblem(thrown)
    if (isBug && !isGone(exchange, thrown)) note(exchange, thrown)
    try {
      await tell(exchange, problem)
    } catch (error) {
      // Nothing is left to say: whoever waits shall not wait for ever.
      if (!isGone(exchange, error)) note(exchange, error)
      exchange.response.destroy()
    }
  }

  const tell = async (exchange: Exchange, problem: Problem) => {
    const { response, client } = exchange
    if (response.headersSent || response.writableEnded) {
      response.destroy()
      return
    }
    for (const name of response.getHeaderNames()) response.removeHeader(name)
    const { status, headers, body } = problemAnswer(problem, { language: exchange.language, requestId: exchange.id })
    const isPage = wantsPage(exchange)
    const text = isPage ? await showProblem(exchange, body) : JSON.stringify(body)
    await write(exchange, {
      status,
      headers: [...(isPage ? security.page(client.isSecure) : security.data(client.isSecure)), ...headers],
      contentType: isPage ? 'text/html; charset=utf-8' : 'application/problem+json',
      body: text,
      isTaggable: false,
      isCompressible: false,
    })
  }

  const showProblem = (exchange: Exchange, body: ProblemAnswer['body']) => {
    const viewer = viewerOf(exchange)
    return parts.problemPage({
      ...body,
      detail: body.detail,
      viewer,
      requestId: exchange.id,
      request: exchange.request,
      origin: origins.ownOf(exchange.client),
      formToken: () => parts.formTokens.create(viewer),
    })
  }

  return { run, hit, fail }
}

type Shown = { token: string; via: 'cookie' | 'bearer' }

/** A header that speaks of a bearer, or of nothing known, is a token and is judged; what belongs to a proxy in front (Basic …) is not ours. */
export function showOf(exchange: Pick<Exchange, 'request' | 'client'>): Shown | undefined {
  const { headers } = exchange.request
  const { authorization } = headers
  if (authorization !== undefined && !/^(?:basic|digest|negotiate|ntlm) /i.test(authorization)) {
    return { token: authorization.replace(/^bearer +/i, ''), via: 'bearer' }
  }
  const token = readCookie(headers.cookie, cookieName(sessionCookie, exchange.client.isSecure))
  return token === undefined || token === '' ? undefined : { token, via: 'cookie' }
}

function hasSessionCookie({ request }: Exchange): boolean {
  const { cookie } = request.headers
  return cookie !== undefined && (readCookie(cookie, sessionCookie) ?? readCookie(cookie, cookieName(sessionCookie, true))) !== undefined
}

function addOriginHeaders(exchange: Exchange, { route }: Plan, { origins }: PipelineParts): void {
  if (!origins.hasForeign || route.page) return
  const allowed = origins.allowedForeign(exchange.request.headers.origin)
  if (allowed !== undefined) exchange.headers.push('access-control-allow-origin', allowed, 'access-control-expose-headers', exposed)
  exchange.headers.push('vary', 'origin')
}

const exposed =
  'etag, location, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset, x-request-id, tus-resumable, upload-offset, upload-length, upload-expires'

function headersOf(
  exchange: Exchange,
  plan: Plan,
  answer: Answer<Answers>,
  security: SecurityHeaders,
): { headers: string[]; contentType: string | undefined } {
  const { isSecure } = exchange.client
  const given = Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const)
  const typed = given.find(([name]) => name === 'content-type')?.[1]
  const contentType = 'body' in answer ? 'application/json' : (typed ?? 'application/octet-stream')
  const isHtml = contentType.startsWith('text/html')
  const headers = [...(isHtml ? security.page(isSecure) : security.data(isSecure))]
  if (!given.some(([name]) => name === 'cache-control'))
    headers.push('cache-control', plan.isUnsafe || answer.cookies?.length ? 'no-store' : 'private, no-cache')
  for (const [name, value] of given) if (name !== 'content-type') headers.push(name, value)
  for (const cookie of answer.cookies ?? []) headers.push('set-cookie', writeCookie(cookie, isSecure))
  return { headers, contentType }
}

/** For routes that write their answer themselves: what they set themselves comes over it. */
function layHeaders(exchange: Exchange, security: readonly string[]): void {
  const headers = [...security, 'cache-control', 'private, no-cache', ...exchange.headers]
  for (let i = 0; i < headers.length; i += 2) exchange.response.appendHeader(headers[i] ?? '', headers[i + 1] ?? '')
}

function handlerOf({ route, name }: Plan) {
  if (!route.handle) throw new Error(`The route ${route.method} ${name} has no handler.`)
  return route.handle
}

function viewerOf(exchange: Exchange): Viewer {
  return exchange.viewer ?? strangerOf(exchange)
}

function strangerOf(exchange: Exchange): Stranger {
  return { kind: 'stranger', language: exchange.language, address: exchange.client.address }
}

/** People get pages, programs get JSON: the route says, and where there is none, what the caller accepts. */
function wantsPage({ plan, request }: Exchange): boolean {
  if (plan) return plan.route.page === true
  const isApi = /^\/api(?:[/?]|$)/.test(request.url ?? '')
  return !isApi && (request.method === 'GET' || request.method === 'HEAD') && (request.headers.accept ?? '').includes('text/html')
}

/** The caller hung up: nobody's fault, and nobody to tell. */
function isGone({ response }: Exchange, thrown: unknown): boolean {
  if (!response.destroyed && !response.closed) return false
  const { name, code } = thrown as { name?: unknown; code?: unknown }
  return name === 'AbortError' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE'
}
