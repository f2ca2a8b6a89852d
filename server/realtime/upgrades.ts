import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { Problem, type ProblemKind } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Log } from '#server/ports/log.ts'
import type { Admission } from './admission.ts'
import { type Admitted, admit, type Guards, type Knock, speaksOurProtocol } from './handshake.ts'
import { createWebSocketHandshake, type WebSocketLine } from './websocket-line.ts'

const socketPath = '/api/socket'

const statusOf: Partial<Record<ProblemKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  limited: 429,
  unavailable: 503,
}

/** Requests for a WebSocket, from the first byte to an open line or a refusal that says why. */
export function createUpgrades(parts: {
  admission: Admission
  guards: Guards
  log: Log
  check(viewer: Viewer): void
  open(line: WebSocketLine, admitted: Admitted): void
}): (knock: Knock) => void {
  const shakeHands = createWebSocketHandshake()
  return (knock) => {
    const { request, head } = knock
    // The server listens on TCP, hence it is one.
    const socket = knock.socket as Socket
    // Until ws takes over, nobody else listens; a line that breaks while its sender is looked up is no fault of ours.
    const cut = () => socket.destroy()
    socket.on('error', cut)
    const answer = async () => {
      if (request.url?.split('?', 1)[0] !== socketPath) throw new Problem('not_found', 'socket.no_such_address')
      if (!speaksOurProtocol(request.headers)) throw new Problem('invalid', 'socket.other_protocol')
      await parts.admission.pass(async () => {
        const admitted = await admit(knock, parts.guards)
        parts.check(admitted.viewer)
        socket.removeListener('error', cut)
        const line = socket.destroyed ? undefined : shakeHands(request, socket, head)
        if (line) parts.open(line, admitted)
      })
    }
    answer().catch((error) => {
      if (!(error instanceof Problem)) parts.log.error('realtime.handshake_failed', { error })
      refuse(socket, error)
    })
  }
}

function refuse(socket: Socket, error: unknown): void {
  const problem = error instanceof Problem ? error : undefined
  const status = problem ? (statusOf[problem.kind] ?? 400) : 500
  const title = STATUS_CODES[status] ?? ''
  const body = JSON.stringify({ type: 'about:blank', title, status, code: problem?.code ?? 'http.something_broke' })
  const retry = problem?.retryAfterMs === undefined ? '' : `Retry-After: ${Math.ceil(problem.retryAfterMs / 1000)}\r\n`
  socket.on('error', () => socket.destroy())
  socket.once('finish', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nConnection: close\r\nCache-Control: no-store\r\n${retry}` +
      `Content-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
