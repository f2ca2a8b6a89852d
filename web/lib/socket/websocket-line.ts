import { closeCodes } from '#shared/messages/close-codes.ts'
import { subprotocol, ticketPrefix } from '#shared/messages/envelope.ts'
import type { ClientLine, Dialling, Ending, LineEvents } from './client-line.ts'
import type { WebSocketLike } from './environment.ts'

const closing = 2

export function openWebSocketLine(dialling: Dialling, events: LineEvents): ClientLine {
  let socket: WebSocketLike | undefined
  let isClosed = false
  let hasHeard = false

  const end = (code: number, reason: string) => {
    if (isClosed) return
    isClosed = true
    events.ended(endingOf(code, reason, !hasHeard))
  }

  const open = (ticket: string | undefined) => {
    if (isClosed) return
    const protocols = ticket === undefined ? [subprotocol] : [subprotocol, `${ticketPrefix}${ticket}`]
    socket = new dialling.environment.WebSocket(addressOf(dialling), protocols)
    socket.onmessage = ({ data }) => {
      if (isClosed || typeof data !== 'string') return
      hasHeard = true
      events.heard(data)
    }
    socket.onclose = ({ code, reason }) => end(code, reason)
    // What went wrong is told by the close that follows.
    socket.onerror = () => {}
  }

  if (dialling.ticket) dialling.ticket().then(open, () => end(1006, ''))
  else open(undefined)

  return {
    way: 'websocket',
    send(message) {
      // Into a line that is closing nothing goes any more, and browsers complain of who tries; what must come is sent again by the next line.
      if (socket && socket.readyState < closing) socket.send(JSON.stringify(message))
    },
    close() {
      isClosed = true
      socket?.close(1000)
    },
  }
}

function addressOf({ origin, tab, since }: Dialling): string {
  const query = new URLSearchParams({ tab, ...(since === undefined ? {} : { since }) })
  return `${origin.replace(/^http/, 'ws')}/api/socket?${query}`
}

function endingOf(code: number, reason: string, refused: boolean): Ending {
  const known = Object.entries(closeCodes).find(([number]) => Number(number) === code)?.[1]
  return { code, retryMs: retryOf(reason), refused, isOver: known ? !known.again : false }
}

function retryOf(reason: string): number | undefined {
  try {
    const { retryMs } = JSON.parse(reason) as { retryMs?: unknown }
    return typeof retryMs === 'number' ? retryMs : undefined
  } catch {
    return undefined
  }
}
