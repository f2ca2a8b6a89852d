import type { ServerResponse } from 'node:http'
import type { Metrics, Series } from '#server/lib/metrics.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { carriedBy, type Exchange } from './exchange.ts'
import type { Plan } from './plan.ts'
import type { HttpSettings } from './settings.ts'

/** Counts each exchange once, when it is over, and writes a line about those that somebody will ask about. */
export type Accounting = { follow(exchange: Exchange): void; readonly inFlight: number }

/** Where the caller hung up before the answer was whole; a status that is never sent. */
const hungUp = 499
const boundsS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Lines about refusals a second: whoever knocks at a thousand wrong doors shall not fill the disk. */
const mostLines = 50

type RouteMeter = { byStatus: Map<number, Series>; seconds: { observe(value: number): void } }

export function createAccounting(parts: { metrics: Metrics; log: Log; clock: Clock; settings: () => HttpSettings }): Accounting {
  const { metrics, log, clock, settings } = parts
  const requests = metrics.counter('matinee_http_requests_total', 'Requests answered.', ['method', 'route', 'status'])
  const seconds = metrics.histogram('matinee_http_request_seconds', 'From the head of a request to the end of its answer.', {
    labels: ['method', 'route'],
    bounds: boundsS,
  })
  const meters = new Map<Plan | undefined, Map<string, RouteMeter>>()
  const isLoud = createRation(clock, mostLines)
  let inFlight = 0
  metrics.read('matinee_http_requests_in_flight', 'Requests being answered.', {}, () => inFlight)

  const count = (exchange: Exchange, status: number, ms: number) => {
    const { method, name } = labelsOf(exchange)
    let ofPlan = meters.get(exchange.plan)
    if (!ofPlan) {
      ofPlan = new Map()
      meters.set(exchange.plan, ofPlan)
    }
    let meter = ofPlan.get(method)
    if (!meter) {
      meter = { byStatus: new Map(), seconds: seconds.of(method, name) }
      ofPlan.set(method, meter)
    }
    let series = meter.byStatus.get(status)
    if (!series) {
      series = requests.of(method, name, String(status))
      meter.byStatus.set(status, series)
    }
    series.value++
    meter.seconds.observe(ms / 1000)
  }

  const tell = (exchange: Exchange, status: number, ms: number) => {
    const isSlow = ms >= settings().slowRequestMs && exchange.plan?.route.respond === undefined
    if (status < 400 && !isSlow) return
    if (status < 500 && !isSlow && !isLoud()) return
    const { method, name } = labelsOf(exchange)
    const { viewer, client, id } = exchange
    // The address as it was typed is never written: it may hold what only its reader should know.
    const who = viewer?.kind === 'person' ? { accountId: viewer.accountId } : {}
    const fields = { method, route: name, status, ms: Math.round(ms), requestId: id, address: client.address, ...who }
    if (status >= 500) log.error('http.answered', fields)
    else if (isSlow) log.warn('http.slow', fields)
    else log.info('http.answered', fields)
  }

  function onClose(this: ServerResponse): void {
    inFlight--
    const exchange = carriedBy(this.req)
    const ms = clock.monotonicMs() - exchange.startedMs
    const status = this.writableFinished ? this.statusCode : hungUp
    count(exchange, status, ms)
    tell(exchange, status, ms)
  }

  return {
    follow({ response }) {
      inFlight++
      response.on('close', onClose)
    },
    get inFlight() {
      return inFlight
    },
  }
}

/** Only words of our own: an unknown address or method is one of a crowd. */
function labelsOf({ plan, request }: Exchange): { method: string; name: string } {
  const { method = '' } = request
  return { method: knownMethods.has(method) ? method : 'other', name: plan?.name ?? 'none' }
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

function createRation(clock: Clock, perSecond: number): () => boolean {
  let untilMs = 0
  let left = perSecond
  return () => {
    const nowMs = clock.monotonicMs()
    if (nowMs >= untilMs) {
      untilMs = nowMs + 1000
      left = perSecond
    }
    return left-- > 0
  }
}
