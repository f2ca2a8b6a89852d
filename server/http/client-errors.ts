import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { bareHeaders } from './security-headers.ts'

/** What the parser itself refuses never becomes a request; it is answered all the same, as a problem, and the line is closed. */
export function answerClientErrors(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable || (socket as { bytesWritten?: number }).bytesWritten) {
      socket.destroy()
      return
    }
    const { status, reason, code } = toRefusal(error.code)
    const body = JSON.stringify({ type: `/api/docs#${code}`, title: reason, status, code })
    const head = [
      `HTTP/1.1 ${status} ${reason}`,
      'content-type: application/problem+json',
      `content-length: ${body.length}`,
      'cache-control: no-store',
      ...bareHeaders(),
      'connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
  })
}

function toRefusal(code: string | undefined): { status: number; reason: string; code: string } {
  if (code === 'HPE_HEADER_OVERFLOW') return { status: 431, reason: 'Request Header Fields Too Large', code: 'http.head_too_large' }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return { status: 413, reason: 'Content Too Large', code: 'http.body_too_large' }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { status: 408, reason: 'Request Timeout', code: 'http.request_too_slow' }
  return { status: 400, reason: 'Bad Request', code: 'http.bad_request' }
}
