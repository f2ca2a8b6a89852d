import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Series } from '#server/lib/metrics.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Exchange } from './exchange.ts'
import type { Pipeline } from './pipeline.ts'
import { requestTooSlow } from './problems.ts'
import type { HttpSettings } from './settings.ts'

/** Less than this in `stallTimeoutMs` is not a slow line but a held one. */
const leastBytes = 512

type Watched = { bytes: number; sinceMs: number }

export type Stalls = {
  /** A request whose body is still to come. */
  watch(exchange: Exchange): void
  /** Ends the watching itself. */
  stop(): void
}

/**
 * A body may take hours, as long as it moves; a reader may be slow, as long as it reads. Who does neither is cut off, so that nobody holds a
 * request by sending a byte now and then. Where it is we who do not read, the caller is not to blame.
 */
export function watchStalls(
  server: Server,
  parts: { clock: Clock; settings: () => HttpSettings; pipeline: Pipeline; cutOff: Series },
): Stalls {
  const { clock, settings, pipeline, cutOff } = parts
  const watched = new Map<Exchange, Watched>()
  let timer: { cancel(): void } | undefined

  const look = () => {
    const nowMs = clock.monotonicMs()
    for (const [exchange, seen] of watched) {
      const { request } = exchange
      if (request.complete || request.destroyed) {
        watched.delete(exchange)
        continue
      }
      const { bytesRead } = request.socket
      if (bytesRead - seen.bytes >= leastBytes || isHeldByUs(request)) watched.set(exchange, { bytes: bytesRead, sinceMs: nowMs })
      else if (nowMs - seen.sinceMs >= settings().stallTimeoutMs) {
        watched.delete(exchange)
        cut(exchange)
      }
    }
    timer = watched.size > 0 ? clock.after(settings().stallTimeoutMs / 4, look) : undefined
  }

  const cut = (exchange: Exchange) => {
    cutOff.value++
    const { request, response } = exchange
    const end = () => request.socket.destroy()
    if (response.headersSent) {
      end()
      return
    }
    exchange.headers.push('connection', 'close')
    void pipeline.fail(exchange, requestTooSlow()).finally(() => setTimeout(end, 1000).unref())
  }

  // Node's own clock of idle lines: it counts what the system has taken over, so that one large write to a slow reader is not idle.
  server.on('timeout', (socket: Socket) => {
    const isIdle = socket.writableLength === 0
    if (isIdle && isAtWork(socket)) return
    if (!isIdle) cutOff.value++
    socket.destroy()
  })

  return {
    watch(exchange) {
      watched.set(exchange, { bytes: exchange.request.socket.bytesRead, sinceMs: clock.monotonicMs() })
      timer ??= clock.after(settings().stallTimeoutMs / 4, look)
    },
    stop() {
      timer?.cancel()
      watched.clear()
    },
  }
}

function isHeldByUs(request: IncomingMessage): boolean {
  return request.readableLength >= request.readableHighWaterMark
}

/** A handler that waits, for an event or for a segment that is being made, keeps its line though nothing moves on it. */
function isAtWork(socket: Socket): boolean {
  const response = (socket as AtWork)[answering]
  return response !== undefined && !response.closed
}

const answering = Symbol('answering')
type AtWork = Socket & { [answering]?: ServerResponse }

/** Tells which answer a line is at work on. */
export function noteAtWork(socket: Socket, response: ServerResponse): void {
  const line = socket as AtWork
  line[answering] = response
}
