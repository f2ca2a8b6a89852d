import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Metrics } from '#server/lib/metrics.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Accounting } from './accounting.ts'
import { type Client, hasGoodHost } from './client.ts'
import { answerClientErrors } from './client-errors.ts'
import { mayHaveBody } from './body.ts'
import { guardConnections } from './connections.ts'
import { carry, Exchange } from './exchange.ts'
import type { Next } from './fastify-app.ts'
import type { Pipeline } from './pipeline.ts'
import type { PlainAddresses } from './plain-addresses.ts'
import type { Serialize } from './plan.ts'
import { badRequest } from './problems.ts'
import type { Readiness } from './readiness.ts'
import { requestId } from './request-ids.ts'
import type { RouteCache } from './route-cache.ts'
import type { HttpSettings } from './settings.ts'
import { noteAtWork, watchStalls } from './stalls.ts'

export type ServerParts = {
  settings: () => HttpSettings
  clock: Clock
  metrics: Metrics
  pipeline: Pipeline
  accounting: Accounting
  readiness: Readiness
  readClient: ((request: IncomingMessage) => Client) & { isProxy(socket: IncomingMessage['socket']): boolean }
  routeCache: RouteCache
  plainAddresses: PlainAddresses
  openFileLimit?: number
}

/** The server of Node with everything around it that must hold before there is a route: who may open lines, how slow they may be, who is counted. */
export function openServer(next: Next, parts: ServerParts): Server {
  const { settings, clock, accounting, readiness, readClient, routeCache, plainAddresses, pipeline } = parts
  const { headersTimeoutMs: headersTimeout, keepAliveTimeoutMs: keepAliveTimeout } = settings()
  // A body may take long, as long as it moves: `watchStalls` sees to that.
  const server = createServer({
    headersTimeout,
    keepAliveTimeout,
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(2000, headersTimeout),
  })
  server.timeout = settings().stallTimeoutMs * 3
  server.maxHeadersCount = 100
  const refused = parts.metrics.counter('matinee_http_connections_refused_total', 'Lines refused before a request was read.', ['why'])
  const refusals = { full: refused.of('full'), address: refused.of('address'), unproven: refused.of('unproven') }
  const limit = parts.openFileLimit === undefined ? {} : { limit: parts.openFileLimit }
  const connections = guardConnections(server, { settings, isProxy: readClient.isProxy, refusals, ...limit })
  const cutOff = parts.metrics.counter('matinee_http_stalled_total', 'Lines cut off because nothing moved on them.').of()
  const stalls = watchStalls(server, { clock, settings, pipeline, cutOff })
  parts.metrics.read('matinee_http_connections', 'Lines that are open.', {}, () => connections.open)
  answerClientErrors(server)

  const take = (request: IncomingMessage, response: ServerResponse) => {
    const exchange = new Exchange(request, response, {
      client: readClient(request),
      id: requestId(request),
      startedMs: clock.monotonicMs(),
      process: readiness,
    })
    carry(exchange)
    connections.prove(request.socket)
    noteAtWork(request.socket, response)
    accounting.follow(exchange)
    if (mayHaveBody(request)) stalls.watch(exchange)
    request.url = toOriginForm(request.url ?? '/')
    if (!hasGoodHost(request)) return void pipeline.fail(exchange, badRequest())
    const known = routeCache.find(request)
    if (known) return void pipeline.hit(exchange, known)
    const plain = plainAddresses.find(request)
    if (plain) void pipeline.run(exchange, plain.plan, { params: plain.params, query: {}, isChecked: true }, bytesAlone)
    else next(request, response)
  }
  // Said by whoever takes an upgrade: a whole head has come there too, and a socket may live long.
  server.on('proven', (socket: Socket) => connections.prove(socket))
  server.on('request', take)
  server.on('checkContinue', take)
  server.on('close', () => stalls.stop())
  return server
}

/** Plain routes answer with nothing else. */
const bytesAlone: Serialize = (_, __, value) => JSON.stringify(value)

/** RFC 9112, 3.2.2: a server takes the absolute form too. */
function toOriginForm(target: string): string {
  if (target.startsWith('/') || target === '*') return target
  if (!URL.canParse(target)) return '/'
  const { pathname, search } = new URL(target)
  return pathname + search
}
