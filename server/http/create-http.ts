import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Cache } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Limiter } from '#server/ports/limiter.ts'
import type { Log } from '#server/ports/log.ts'
import { type Client, createClientReader } from './client.ts'
import { openFastify } from './fastify-app.ts'
import { createFormTokens } from './form-tokens.ts'
import { type Injected, type Injection, injectInto } from './inject.ts'
import { createLimits } from './limits.ts'
import { closeServer, listenOn } from './listening.ts'
import { createOrigins } from './origins.ts'
import { type Authenticate, createPipeline, type ProblemPage, type ViewerScope } from './pipeline.ts'
import { createPlan } from './plan.ts'
import { plainProblemPage } from './problem-page.ts'
import { requestId } from './request-ids.ts'
import type { Route } from './route.ts'
import { createSecurityHeaders } from './security-headers.ts'
import type { HttpSettings } from './settings.ts'

export type HttpParts = {
  routes: readonly Route[]
  authenticate: Authenticate
  cache: Cache
  limiter: Limiter
  clock: Clock
  log: Log
  settings: () => HttpSettings
  scope?: ViewerScope
  problemPage?: ProblemPage
}

export type Upgrade = { request: IncomingMessage; socket: Duplex; head: Buffer; client: Client; isOurOrigin: boolean; requestId: string }

export type Http = {
  /** Where it listens, after `listen`. */
  readonly address: { host: string; port: number; url: string } | undefined
  listen(): Promise<void>
  /** Calls as from outside, through every layer, without a port. */
  inject(injection: Injection): Promise<Injected>
  /** Sockets knock here. The origin has been looked at, nothing has been answered. */
  onUpgrade(take: (upgrade: Upgrade) => void): void
  /** Stops accepting, lets what is under way end, then closes. */
  close(): Promise<void>
}

export async function createHttp(parts: HttpParts): Promise<Http> {
  const { settings, clock } = parts
  const readClient = createClientReader(settings)
  const origins = createOrigins(settings)
  const pipeline = createPipeline({
    origins,
    formTokens: createFormTokens({ secret: settings().secret, now: () => clock.now() }),
    bodyLimitBytes: () => settings().bodyLimitBytes,
    authenticate: parts.authenticate,
    limits: createLimits({ limiter: parts.limiter, settings, now: () => clock.monotonicMs() }),
    log: parts.log,
    security: createSecurityHeaders(settings),
    scope: parts.scope ?? ((_viewer, work) => work()),
    problemPage: parts.problemPage ?? plainProblemPage,
  })
  const plans = parts.routes.map(createPlan)
  const { server, ready } = openFastify(plans, { pipeline, readClient, clock, settings, ...origins })
  const listening: { address: Http['address'] } = { address: undefined }

  return {
    get address() {
      return listening.address
    },
    async listen() {
      await ready()
      listening.address = await listenOn(server, settings())
    },
    async inject(injection) {
      await ready()
      return injectInto(server, injection)
    },
    onUpgrade(take) {
      server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        const client = readClient(request)
        const { origin } = request.headers
        take({
          request,
          socket,
          head,
          client,
          isOurOrigin: origin !== undefined && origins.isOurs(origin, client),
          requestId: requestId(request),
        })
      })
    },
    close: () => closeServer(server, settings().drainMs),
  }
}
