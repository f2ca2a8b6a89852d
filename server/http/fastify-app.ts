import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type FastifyReply, fastify, type HTTPMethods } from 'fastify'
import { carriedBy } from './exchange.ts'
import type { Pipeline } from './pipeline.ts'
import type { Plan, Serialize } from './plan.ts'
import { badRequest, wrongMediaType } from './problems.ts'
import { createUnknown } from './unknown.ts'
import { ReadyJson } from './ready-json.ts'

export type Next = (request: IncomingMessage, response: ServerResponse) => void

export type AppParts = {
  pipeline: Pipeline
  openServer(next: Next): Server
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
    serverFactory: (next) => parts.openServer(next),
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

function methodsOf({ route }: Plan): HTTPMethods[] {
  return route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]
}

function serializerOf(plan: Plan, reply: FastifyReply): Serialize {
  return (status, schema, value) => {
    if (value instanceof ReadyJson) return value.json
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
