import type { Exchange } from './exchange.ts'
import { preflightHeaders } from './origins.ts'
import type { Pipeline } from './pipeline.ts'
import type { Plan } from './plan.ts'
import { methodNotAllowed, noSuchRoute } from './problems.ts'
import { write } from './write.ts'

type Known = { pattern: RegExp; method: string }

/** Whatever no route takes: 404, or 405 where the address exists, or what a browser asks beforehand. */
export function createUnknown(
  plans: readonly Plan[],
  parts: { pipeline: Pipeline; allowedForeign(origin: string | undefined): string | undefined },
): (exchange: Exchange) => Promise<void> {
  let known: Known[] | undefined
  const methodsAt = (path: string) => {
    known ??= plans.flatMap(({ paths, route }) => paths.map((pattern) => ({ pattern: toPattern(pattern), method: route.method })))
    const methods = new Set(known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))
    if (methods.has('GET')) methods.add('HEAD')
    return methods.size === 0 ? [] : [...methods, 'OPTIONS'].sort()
  }

  return async (exchange) => {
    const { request } = exchange
    const [path = '/'] = (request.url ?? '/').split('?', 1)
    const methods = request.url === '*' ? ['GET', 'HEAD', 'OPTIONS'] : methodsAt(path)
    if (methods.length === 0) return parts.pipeline.fail(exchange, noSuchRoute())
    if (request.method !== 'OPTIONS') return parts.pipeline.fail(exchange, methodNotAllowed(methods))
    const origin = parts.allowedForeign(request.headers.origin)
    const isPreflight = origin !== undefined && request.headers['access-control-request-method'] !== undefined
    const asked = isPreflight ? Object.entries({ 'access-control-allow-origin': origin, ...preflightHeaders(methods) }).flat() : []
    const headers = ['allow', methods.join(', '), 'cache-control', 'no-store', 'vary', 'origin', ...asked]
    await write(exchange, { status: 204, headers, contentType: undefined, body: undefined, isTaggable: false, isCompressible: false })
  }
}

function toPattern(path: string): RegExp {
  const parts = path.split('/').map((part) => {
    if (part === '*') return '.*'
    return part
      .split(/(:[A-Za-z]\w*)/)
      .map((piece) => (piece.startsWith(':') ? '[^/]+' : piece.replace(/[.+?^${}()|[\]\\*]/g, '\\$&')))
      .join('')
  })
  return new RegExp(`^${parts.join('/')}$`)
}
