import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type FastifyReply, fastify, type HTTPMethods } from 'fastify'
import type { Clock } from '#server/ports/clock.ts'
import type { Client } from './client.ts'
import { carriedBy, carry, Exchange } from './exchange.ts'
import type { Pipeline, Serialize } from './pipeline.ts'
import type { Plan } from './plan.ts'
import { badRequest, wrongMediaType } from './problems.ts'
import { requestId } from './request-ids.ts'
import type { HttpSettings } from './settings.ts'
import { createUnknown } from './unknown.ts'

export type AppParts = {
  pipeline: Pipeline
  readClient(request: IncomingMessage): Client
  clock: Clock
  settings(): HttpSettings
  allowedForeign(origin: string | undefined): string | undefined
}

export type App = { server: Server; ready(): Promise<void> }

/**
 * Fastify finds the route, reads the address and compiles serializers. All else of a request is ours and runs from the first hook on: no body
 * is parsed before we have asked who sends it, and no spelling of a content type can lead round the schema.
 */
export function openFastify(plans: readonly Plan[], parts: AppParts): App {
  const { pipeline } = parts
  const app = fastify({
    serverFactory: (next) => openServer(next, parts),
    logger: false,
    exposeHeadRoutes: false,
    genReqId: () => '',
    routerOptions: { maxParamLength: 1024, caseSensitive: true, ignoreTrailingSlash: false },
    frameworkErrors: (error, request, reply) => {
      reply.hijack()
      void pipeline.fail(carriedBy(request.raw), badRequest(error))
    },
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined))
  app.setErrorHandler((error: unknown, request, reply) => {
    reply.hijack()
    void pipeline.fail(carriedBy(request.raw), fromFramework(error))
  })
  const answerUnknown = createUnknown(plans, parts)
  app.setNotFoundHandler((request, reply) => {
    reply.hijack()
    void answerUnknown(carriedBy(request.raw))
  })
  for (const plan of plans) {
    for (const url of plan.paths) {
      app.route({
        method: methodsOf(plan),
        url,
        onRequest: (request, reply) => {
          reply.hijack()
          void pipeline.run(carriedBy(request.raw), plan, request, serializerOf(plan, reply))
        },
        handler: () => {
          throw new Error('A request ran past its first hook.')
        },
      })
    }
  }
  let isReady: Promise<void> | undefined
  return {
    server: app.server,
    ready: () => {
      isReady ??= Promise.resolve(app.ready()).then(() => undefined)
      return isReady
    },
  }
}

function openServer(next: (request: IncomingMessage, response: ServerResponse) => void, { settings, readClient, clock }: AppParts): Server {
  const { headersTimeoutMs: headersTimeout, keepAliveTimeoutMs: keepAliveTimeout } = settings()
  // A body may take long, as long as it moves: that is watched elsewhere.
  const server = createServer({ headersTimeout, keepAliveTimeout, requestTimeout: 0, connectionsCheckingInterval: 2000 })
  const take = (request: IncomingMessage, response: ServerResponse) => {
    carry(new Exchange(request, response, { client: readClient(request), id: requestId(request), startedMs: clock.monotonicMs() }))
    request.url = toOriginForm(request.url ?? '/')
    next(request, response)
  }
  server.on('request', take)
  server.on('checkContinue', take)
  return server
}

/** RFC 9112, 3.2.2: a server takes the absolute form too. */
function toOriginForm(target: string): string {
  if (target.startsWith('/') || target === '*') return target
  return URL.canParse(target) ? new URL(target).pathname + new URL(target).search : '/'
}

function methodsOf({ route }: Plan): HTTPMethods[] {
  return route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]
}

function serializerOf(plan: Plan, reply: FastifyReply): Serialize {
  return (status, schema, value) => {
    let serialize = plan.serializers.get(status)
    if (!serialize) {
      serialize = schema
        ? (reply.compileSerializationSchema(schema as Record<string, unknown>, String(status)) as (value: unknown) => string)
        : JSON.stringify
      plan.serializers.set(status, serialize)
    }
    return serialize(value)
  }
}

function fromFramework(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return wrongMediaType('application/json')
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  return typeof status === 'number' && status < 500 ? badRequest(error) : error
}
