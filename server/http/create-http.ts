import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Cache } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Limiter } from '#server/ports/limiter.ts'
import type { Log } from '#server/ports/log.ts'
import type { Repeats } from '#server/ports/repeats.ts'
import { createMetrics, type Metrics } from '#server/lib/metrics.ts'
import { type Authenticate, createAdmission } from './admission.ts'
import { createAccounting } from './accounting.ts'
import { createClientReader } from './client.ts'
import { documentRoutes } from './documents/routes.ts'
import { openFastify } from './fastify-app.ts'
import { createFormTokens } from './form-tokens.ts'
import { callWithin } from './inner-call.ts'
import { type Injected, type Injection, injectInto } from './inject.ts'
import { createLimits } from './limits.ts'
import { closeServer, listenOn } from './listening.ts'
import { createOrigins } from './origins.ts'
import { ownRoutes } from './own-routes.ts'
import { createPipeline } from './pipeline.ts'
import { createPlainAddresses } from './plain-addresses.ts'
import { createPlan } from './plan.ts'
import { plainProblemPage, type ProblemPage } from './problem-page.ts'
import { createReadiness, type Probe, type Readiness } from './readiness.ts'
import { createRepeating } from './repeating.ts'
import { requestId } from './request-ids.ts'
import type { Route } from './route.ts'
import { createRouteCache } from './route-cache.ts'
import { watchRuntime } from './runtime-metrics.ts'
import { createSecurityHeaders } from './security-headers.ts'
import { openServer } from './server.ts'
import type { HttpSettings } from './settings.ts'
import { createTelling } from './telling.ts'
import { authenticateUpgrade, type Upgrade } from './upgrade.ts'

export type HttpParts = {
  routes: readonly Route[]
  /** What the documents tell of, where other processes answer more than this one. */
  described?: () => readonly Route[]
  authenticate: Authenticate
  cache: Cache
  limiter: Limiter
  repeats: Repeats
  clock: Clock
  log: Log
  settings: () => HttpSettings
  metrics?: Metrics
  /** What /ready asks: each part by its name. */
  probes?: Readonly<Record<string, Probe>>
  problemPage?: ProblemPage
  /** How many descriptors the process may have open, where it is not to be asked of the system. */
  openFileLimit?: number
}

export type Http = {
  /** Every route that is answered here, the frame's own included. */
  readonly routes: readonly Route[]
  /** Where it listens, after `listen`. */
  readonly address: { host: string; port: number; url: string } | undefined
  listen(): Promise<void>
  /** Calls as from outside, through every layer, without a port. */
  inject(injection: Injection): Promise<Injected>
  /** The same for pages that ask the API what they show: a reading call costs no line. */
  ask(injection: Injection & { from: string }): Promise<Injected>
  /** Sockets knock here. The origin has been looked at, nothing has been answered. */
  onUpgrade(take: (upgrade: Upgrade) => void): void
  /** Who says that it is shutting down before it stops accepting gives a front the time to look elsewhere. */
  readonly readiness: Pick<Readiness, 'look' | 'beginDraining'>
  /** Stops accepting, lets what is under way end, then closes. */
  close(): Promise<void>
}

export async function createHttp(parts: HttpParts): Promise<Http> {
  const { settings, clock, log } = parts
  const readClient = createClientReader(settings)
  const origins = createOrigins(settings)
  const security = createSecurityHeaders(settings)
  const routeCache = createRouteCache({ cache: parts.cache, security, origin: () => settings().origins[0] ?? '' })
  const { secret } = settings()
  const formTokens = createFormTokens({ secret, now: () => clock.now() })
  const limits = createLimits({ limiter: parts.limiter, settings, now: () => clock.monotonicMs() })
  const pipeline = createPipeline({
    origins,
    formTokens,
    bodyLimitBytes: () => settings().bodyLimitBytes,
    admit: createAdmission({ authenticate: parts.authenticate, limits, origins }),
    tell: createTelling({ log, security, origins, formTokens, problemPage: parts.problemPage ?? plainProblemPage }),
    repeating: createRepeating({ repeats: parts.repeats, secret, log }),
    security,
    routeCache,
  })
  const metrics = parts.metrics ?? createMetrics()
  const readiness = createReadiness({ probes: parts.probes ?? {}, clock, log })
  const own = ownRoutes({ metrics, readiness, settings })
  const documents = documentRoutes(() => [...(parts.described?.() ?? parts.routes), ...own, ...documents])
  const routes: readonly Route[] = [...parts.routes, ...own, ...(parts.routes.length > 0 ? documents : [])]
  const plans = routes.map(createPlan)
  const accounting = createAccounting({ metrics, log, clock, settings })
  const runtime = watchRuntime(metrics)
  const app = openFastify(plans, {
    pipeline,
    ...origins,
    openServer: (next) =>
      openServer(next, {
        ...parts,
        metrics,
        pipeline,
        readClient,
        accounting,
        readiness,
        routeCache,
        plainAddresses: createPlainAddresses(plans),
      }),
  })
  const { server, ready } = app
  let address: Http['address']

  return {
    routes,
    get address() {
      return address
    },
    readiness,
    async listen() {
      await ready()
      address = await listenOn(server, settings())
      server.on('error', (error) => log.error('http.listening_failed', { error }))
    },
    async inject(injection) {
      await ready()
      return injectInto(server, injection)
    },
    async ask(injection) {
      await ready()
      const { method = 'GET', path, headers = {}, body, from } = injection
      const within = method === 'GET' && body === undefined ? callWithin(server, { path, headers, from }) : undefined
      return within ?? injectInto(server, injection)
    },
    onUpgrade(take) {
      server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        server.emit('proven', socket)
        const client = readClient(request)
        const { origin } = request.headers
        take({
          request,
          socket,
          head,
          client,
          isOurOrigin: origin !== undefined && origins.isOurs(origin, client),
          requestId: requestId(request),
          authenticate: () => authenticateUpgrade({ request, client }, parts.authenticate),
        })
      })
    },
    async close() {
      readiness.beginDraining()
      await closeServer(server, settings().drainMs)
      runtime.stop()
    },
  }
}
