import { hash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { HttpSettings } from './settings.ts'

/**
 * May this caller see figures and reasons without being somebody? With a token configured: who shows it. Without: who calls from this machine,
 * by its own name, and through nobody else.
 */
export function isInsider(request: IncomingMessage, { metricsToken }: HttpSettings): boolean {
  const { authorization, host = '' } = request.headers
  if (metricsToken !== '') return isSame(authorization ?? '', `Bearer ${metricsToken}`)
  const { remoteAddress = '' } = request.socket
  const isLocal = /^(?:127\.|::1$|::ffff:127\.)/.test(remoteAddress)
  const isRelayed = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via', 'x-forwarded-host'].some(
    (name) => request.headers[name] !== undefined,
  )
  return isLocal && !isRelayed && /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(host)
}

const isSame = (a: string, b: string) => timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'))
