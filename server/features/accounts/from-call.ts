import type { IncomingMessage } from 'node:http'
import type { Viewer } from '#server/lib/viewer.ts'
import type { From } from './parts.ts'

type Caller = { viewer: Viewer; raw: IncomingMessage; headers: IncomingMessage['headers']; signal: AbortSignal }

export function fromCall({ viewer, raw, headers, signal }: Caller): From {
  return { viewer, userAgent: headers['user-agent'], isLocal: isLocal(raw), signal }
}

const forwarding = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'forwarded',
  'via',
  'cf-connecting-ip',
  'true-client-ip',
]

/**
 * From this machine itself, by its own name: no proxy has passed it on, and no page of another site has sent it here. It makes an owner, once; nothing else
 * is ever allowed by where somebody sits.
 */
function isLocal({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  if (!isLoopback(socket.remoteAddress ?? '')) return false
  if (forwarding.some((name) => headers[name] !== undefined)) return false
  const { host = '', origin } = headers
  return isLocalHost(host) && (origin === undefined || (URL.canParse(origin) && isLocalHost(new URL(origin).host)))
}

const isLoopback = (address: string) => address === '::1' || /^(::ffff:)?127\./.test(address)

const isLocalHost = (host: string) => /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i.test(host)
