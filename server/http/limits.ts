import type { Limit, LimitDecision, Limiter } from '#server/ports/limiter.ts'
import type { Exchange } from './exchange.ts'
import { FloodGuard } from './flood-guard.ts'
import { tooManyRequests } from './problems.ts'
import type { RouteLimit } from './route.ts'
import { derived, type HttpSettings } from './settings.ts'

export type Limits = {
  /** Before anybody is asked who calls: what is counted by address, log-ins first of all. */
  takeByAddress(exchange: Exchange, limits: readonly RouteLimit[]): Promise<void> | undefined
  /** Once it is known who calls: people by themselves, so that a classroom behind one address goes on; strangers by their address. */
  takeByPerson(exchange: Exchange, limits: readonly RouteLimit[]): Promise<void> | undefined
  takeFlood(exchange: Exchange): void
  readonly guarded: number
}

export function createLimits(parts: { limiter: Limiter; settings: () => HttpSettings; now: () => number }): Limits {
  const guard = new FloodGuard(parts)
  const floodLimit = derived(
    parts.settings,
    ({ requestsPerMinute: count }): Limit => ({ count, periodMs: 60_000, burst: Math.ceil(count / 2) }),
  )

  const take = async (exchange: Exchange, taken: { limit: RouteLimit; who: string }[]) => {
    for (const { limit, who } of taken) {
      const decision = await parts.limiter.take(`http:${limit.name}:${who}`, limit.limit)
      note(exchange, decision)
    }
  }
  const select = (limits: readonly RouteLimit[], whom: (limit: RouteLimit) => string | undefined) =>
    limits.flatMap((limit) => {
      const who = whom(limit)
      return who === undefined ? [] : [{ limit, who }]
    })

  return {
    takeByAddress(exchange, limits) {
      if (limits.length === 0) return undefined
      const taken = select(limits, ({ per }) => (per === 'person' ? undefined : exchange.client.group))
      return taken.length === 0 ? undefined : take(exchange, taken)
    },
    takeByPerson(exchange, limits) {
      if (limits.length === 0) return undefined
      const account = exchange.viewer?.kind === 'person' ? exchange.viewer.accountId : undefined
      const taken = select(limits, ({ per }) => {
        if (per === 'address') return undefined
        return account ?? (per === 'person' ? exchange.client.group : undefined)
      })
      return taken.length === 0 ? undefined : take(exchange, taken)
    },
    takeFlood(exchange) {
      const { viewer, client } = exchange
      note(exchange, guard.take(viewer?.kind === 'person' ? viewer.accountId : client.group, floodLimit()))
    },
    get guarded() {
      return guard.size
    },
  }
}

/** Of several limits the answer shows the one that is nearest to its end; a refusal ends the request. */
function note(exchange: Exchange, decision: LimitDecision): void {
  const { headers } = exchange
  const place = headers.indexOf('ratelimit-limit')
  const isTighter = place === -1 || decision.remaining < Number(headers[place + 3]) || !decision.allowed
  if (isTighter) {
    const shown = [
      'ratelimit-limit',
      String(decision.limit),
      'ratelimit-remaining',
      String(decision.remaining),
      'ratelimit-reset',
      String(Math.ceil((decision.allowed ? decision.resetMs : decision.retryAfterMs) / 1000)),
    ]
    if (place === -1) headers.push(...shown)
    else headers.splice(place, shown.length, ...shown)
  }
  if (!decision.allowed) throw tooManyRequests(decision.retryAfterMs)
}
