import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { negotiateLanguage } from '#server/lib/negotiate-language.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Stranger, Viewer } from '#server/lib/viewer.ts'
import type { Client } from './client.ts'
import { type Authenticate, showOf } from './admission.ts'

/** Somebody wants another protocol on this line. The request has been looked at, and nothing has been answered. */
export type Upgrade = {
  request: IncomingMessage
  socket: Duplex
  head: Buffer
  client: Client
  isOurOrigin: boolean
  requestId: string
  /** Who shows a cookie or a token; a wrong one throws. To be asked once the origin is known to be good. */
  authenticate(): Promise<Viewer>
}

export async function authenticateUpgrade(
  shown: { request: IncomingMessage; client: Client },
  authenticate: Authenticate,
): Promise<Viewer> {
  const { headers } = shown.request
  const stranger: Stranger = { kind: 'stranger', language: negotiateLanguage(headers['accept-language']), address: shown.client.address }
  const credentials = showOf(shown)
  if (!credentials) return stranger
  const found = await authenticate({ ...credentials, stranger, userAgent: headers['user-agent'] ?? '' })
  if (found instanceof Problem) throw found
  return found
}
