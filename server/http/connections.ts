import type { Server } from 'node:http'
import { Socket } from 'node:net'
import type { Series } from '#server/lib/metrics.ts'
import { addressGroup, parseAddress } from '#server/lib/address.ts'
import { openFileLimit, openFiles } from './descriptors.ts'
import { bareHeaders } from './security-headers.ts'
import type { HttpSettings } from './settings.ts'

export type Connections = {
  /** A whole head of a request has come over this line: whoever speaks HTTP is not merely holding it. */
  prove(socket: Socket): void
  readonly open: number
}

type Line = { group: string; isProven: boolean }
type Counted = { all: number; unproven: number }
type Refusals = Record<'full' | 'address' | 'unproven', Series>

/** Kept for files, the database and other people's sockets. */
const reserved = 64
const busyHead = [
  'HTTP/1.1 503 Service Unavailable',
  'content-type: application/problem+json',
  'retry-after: 1',
  'cache-control: no-store',
  ...bareHeaders(),
  'connection: close',
]
const code = 'http.too_many_connections'
const busyBody = JSON.stringify({ type: `/api/docs#${code}`, title: 'Not available just now', status: 503, code })
const busyAnswer = `${busyHead.join('\r\n')}\r\ncontent-length: ${busyBody.length}\r\n\r\n${busyBody}`

/**
 * Bounds what lines may cost before a single request is read. One address may hold many (a school behind one router does), but only few over
 * which nothing whole has come yet; and the process keeps descriptors for itself: it refuses lines before the system refuses it everything.
 */
export function guardConnections(
  server: Server,
  parts: { settings: () => HttpSettings; isProxy(socket: Socket): boolean; refusals: Refusals; limit?: number },
): Connections {
  const { settings, refusals } = parts
  const lines = new Map<Socket, Line>()
  const byGroup = new Map<string, Counted>()
  const room = createRoom(parts.limit ?? openFileLimit())

  server.prependListener('connection', (socket: Socket) => {
    // A line in memory, from this very process, costs nothing that has to be guarded.
    if (!(socket instanceof Socket)) return
    if (lines.size >= room(lines.size)) return refuse(socket, refusals.full)
    if (parts.isProxy(socket)) return hold(socket, '')
    const group = addressGroup(parseAddress(socket.remoteAddress ?? '') ?? '')
    const { all, unproven } = byGroup.get(group) ?? { all: 0, unproven: 0 }
    if (all >= settings().maxConnectionsPerAddress) return refuse(socket, refusals.address)
    if (unproven >= settings().maxUnprovenPerAddress) return refuse(socket, refusals.unproven)
    hold(socket, group)
  })

  const hold = (socket: Socket, group: string) => {
    lines.set(socket, { group, isProven: group === '' })
    if (group !== '') {
      const counted = byGroup.get(group) ?? { all: 0, unproven: 0 }
      byGroup.set(group, { all: counted.all + 1, unproven: counted.unproven + 1 })
    }
    socket.on('close', dropThis)
  }
  /** One for all: idle lines are many. */
  function dropThis(this: Socket): void {
    drop(this)
  }
  const drop = (socket: Socket) => {
    const line = lines.get(socket)
    lines.delete(socket)
    const counted = line && byGroup.get(line.group)
    if (!counted) return
    counted.all--
    if (!line.isProven) counted.unproven--
    if (counted.all === 0) byGroup.delete(line.group)
  }
  return {
    prove(socket) {
      const line = lines.get(socket)
      if (!line || line.isProven) return
      line.isProven = true
      const counted = byGroup.get(line.group)
      if (counted) counted.unproven--
    },
    get open() {
      return lines.size
    },
  }
}

/** Said in one packet, unread: whoever is one too many learns why, and costs a descriptor for a moment only. */
function refuse(socket: Socket, count: Series): void {
  count.value++
  socket.on('error', () => {})
  socket.end(busyAnswer)
  socket.destroySoon()
}

/** How many lines there may be: the limit, less the reserve, less what is open for other ends, looked at again now and then. */
function createRoom(limit: number | undefined): (held: number) => number {
  if (limit === undefined) return () => Number.POSITIVE_INFINITY
  let others = 0
  let lookAgainAt = 0
  return (held) => {
    const nowMs = performance.now()
    if (held > limit / 4 && nowMs >= lookAgainAt) {
      others = Math.max(0, (openFiles() ?? 0) - held)
      lookAgainAt = nowMs + 250
    }
    return Math.max(8, limit - Math.max(reserved, Math.min(others + reserved / 2, limit / 2)))
  }
}
