import { WebSocket } from 'ws'
import { subprotocol, ticketPrefix } from '#shared/messages/envelope.ts'

export type Frame = {
  t?: string
  d?: Record<string, unknown>
  n?: number
  re?: string | null
  problem?: { kind: string; code: string; retryAfterMs?: number }
}

export type TestSocket = Disposable & {
  /** Every message that came, in its order, whether gathered or not. */
  readonly messages: Frame[]
  readonly closed: Promise<{ code: number; reason: string }>
  readonly socket: WebSocket
  say(kind: string, body?: unknown, id?: string): void
  /** Says it and waits for the answer or the problem. */
  ask(kind: string, body?: unknown): Promise<Frame>
  /** The first message of this kind, of those that came or will come. */
  next(kind: string): Promise<Frame>
}

export type ConnectOptions = {
  as?: string
  cookie?: string
  ticket?: string
  origin?: string
  query?: string
  headers?: Record<string, string>
}

/** A client without any sense of its own. Rejects with the status when the upgrade is refused. */
export async function connectSocket(port: number, options: ConnectOptions = {}): Promise<TestSocket> {
  const { as, cookie, ticket, origin, query = '' } = options
  const headers: Record<string, string> = { ...options.headers }
  if (as !== undefined) headers.authorization = `Bearer ${as}`
  if (cookie !== undefined) headers.cookie = `matinee=${cookie}`
  const protocols = ticket === undefined ? [subprotocol] : [subprotocol, `${ticketPrefix}${ticket}`]
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/socket${query}`, protocols, {
    headers,
    ...(origin === undefined ? {} : { origin }),
  })
  const messages: Frame[] = []
  const waiting = new Set<() => void>()
  const { promise: closed, resolve: close } = Promise.withResolvers<{ code: number; reason: string }>()
  socket.on('message', (data) => {
    const frame: unknown = JSON.parse((data as Buffer).toString())
    messages.push(...((Array.isArray(frame) ? frame : [frame]) as Frame[]))
    for (const look of [...waiting]) look()
  })
  socket.on('close', (code, reason) => close({ code, reason: String(reason) }))
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve)
    socket.on('error', reject)
    socket.on('unexpected-response', (_, response) => reject(new Refused(response.statusCode ?? 0)))
  })
  const first = (fits: (frame: Frame) => boolean) =>
    new Promise<Frame>((resolve) => {
      const look = () => {
        const found = messages.find(fits)
        if (!found) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  let ids = 0
  return {
    messages,
    closed,
    socket,
    say: (kind, body = {}, id) => socket.send(JSON.stringify({ t: kind, d: body, ...(id === undefined ? {} : { id }) })),
    ask(kind, body = {}) {
      const id = `ask-${++ids}`
      socket.send(JSON.stringify({ t: kind, d: body, id }))
      return first((frame) => frame.re === id)
    },
    next: (kind) => first((frame) => frame.t === kind),
    [Symbol.dispose]: () => socket.terminate(),
  }
}

class Refused extends Error {
  readonly status: number
  constructor(status: number) {
    super(`refused with ${status}`)
    this.status = status
  }
}
