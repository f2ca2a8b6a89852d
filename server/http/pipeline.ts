import { withViewerScope } from '#server/lib/viewer-scope.ts'
import type { Admit } from './admission.ts'
import { layHeaders, toTold, writeTold } from './answering.ts'
import { type CallParts, readCall, type Sent } from './call.ts'
import type { Exchange } from './exchange.ts'
import type { Plan, Serialize } from './plan.ts'
import type { Repeating } from './repeating.ts'
import type { KnownAddress, RouteCache } from './route-cache.ts'
import type { SecurityHeaders } from './security-headers.ts'
import type { Tell } from './telling.ts'
import { mark, readMark } from './wrote-marks.ts'

export type PipelineParts = CallParts & {
  admit: Admit
  tell: Tell
  repeating: Repeating
  security: SecurityHeaders
  routeCache: RouteCache
}

export type Pipeline = {
  run(exchange: Exchange, plan: Plan, sent: Sent, serialize: Serialize): Promise<void>
  /** Answers an address that the route cache knows, with limits, identity and counting as ever, but without the framework. */
  hit(exchange: Exchange, address: KnownAddress): Promise<void>
  fail: Tell
}

/** A request's way, from the first hook to the last byte. */
export function createPipeline(parts: PipelineParts): Pipeline {
  const { admit, tell, repeating, security, routeCache } = parts

  const answer = async (exchange: Exchange, plan: Plan, sent: Sent, serialize: Serialize) => {
    const admitted = admit(exchange, plan)
    if (admitted) await admitted
    const { route } = plan
    const { request, response } = exchange
    if (request.headers.expect !== undefined) response.writeContinue()
    const reading = readCall(exchange, plan, sent, parts)
    const call = reading instanceof Promise ? await reading : reading
    if (route.cache) return routeCache.answer(exchange, routeCache.know(exchange, plan, call, serialize))
    const before = readMark(exchange)
    // Reads within see the caller's own writes.
    const scope = { key: call.viewer.kind === 'person' ? call.viewer.accountId : call.viewer.address, wroteAtMs: before }
    if (route.respond) {
      layHeaders(exchange, plan, security.data(exchange.client.isSecure))
      return withViewerScope(scope, () => route.respond?.(call, response) ?? Promise.resolve())
    }
    const handle = async () => {
      const answered = await withViewerScope(scope, () => handlerOf(plan)(call as never))
      return mark(toTold(plan, answered, serialize), plan, before, scope.wroteAtMs)
    }
    const told = route.idempotent ? await repeating.once(exchange, plan, call, handle) : await handle()
    return writeTold(exchange, plan, told, security)
  }

  return {
    async run(exchange, plan, sent, serialize) {
      exchange.plan = plan
      try {
        await answer(exchange, plan, sent, serialize)
      } catch (thrown) {
        await tell(exchange, thrown)
      }
    },
    async hit(exchange, address) {
      exchange.plan = address.plan
      try {
        const admitted = admit(exchange, address.plan)
        if (admitted) await admitted
        await routeCache.answer(exchange, address)
      } catch (thrown) {
        await tell(exchange, thrown)
      }
    },
    fail: tell,
  }
}

function handlerOf({ route, name }: Plan) {
  if (!route.handle) throw new Error(`The route ${route.method} ${name} has no handler.`)
  return route.handle
}
