import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const process = randomBytes(6)
  .toString('base64url')
  .toLowerCase()
  .replaceAll(/[^a-z0-9]/g, '0')
let count = 0

/** A caller's own id is kept when it is harmless, so that a front's logs and ours name a request alike. */
export function requestId(request: IncomingMessage): string {
  const sent = request.headers['x-request-id']
  if (typeof sent === 'string' && /^[\w.-]{8,64}$/.test(sent)) return sent
  count = (count + 1) % Number.MAX_SAFE_INTEGER
  return `${process}-${count.toString(36)}`
}
