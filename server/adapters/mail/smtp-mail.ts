import { isIP } from 'node:net'
import { Problem } from '#server/lib/problem.ts'
import type { Mail } from '#server/ports/mail.ts'
import { checkLetter } from './letter.ts'

/** `smtp://user:password@host:587` or `smtps://…`, with `?tls=required` or `?tls=optional`; empty: no mail. `from`: `Name <address>` or an address. */
export type SmtpSettings = { url: string; from: string }

const timeoutMs = 15_000

/** Settings are asked for at each letter, so that a change of the configuration counts from the next one on. */
export function createSmtpMail(parts: { settings: () => SmtpSettings }): Mail {
  const underWay = new Set<Promise<void>>()

  const send: Mail['send'] = async (letter) => {
    const { to, subject, text } = checkLetter(letter)
    const { url, from } = parts.settings()
    if (url === '') throw new Problem('unavailable', 'mail.none')
    // Loaded with the first letter: most processes never send one.
    const { createTransport } = await import('nodemailer')
    const transport = createTransport(toTransport(url))
    try {
      // As an object, so that the address is one recipient and is not parsed into several.
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text, headers: { 'Auto-Submitted': 'auto-generated' } })
    } catch (cause) {
      throw new Problem('unavailable', 'mail.not_taken', { cause })
    } finally {
      transport.close()
    }
  }

  return {
    get canSend() {
      return parts.settings().url !== ''
    },
    send(letter) {
      const sending = send(letter)
      const settled = sending.catch(() => {}).finally(() => underWay.delete(settled))
      underWay.add(settled)
      return sending
    },
    async close() {
      await Promise.all(underWay)
    },
  }
}

function toTransport(address: string) {
  const { protocol, hostname, port, username, password, searchParams } = new URL(address)
  const secure = protocol === 'smtps:'
  return {
    host: hostname,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && needsTls({ hostname, username, tls: searchParams.get('tls') }),
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** A password never crosses a network in the clear, unless the address says `?tls=optional`; `?tls=required` asks for it always. */
function needsTls({ hostname, username, tls }: { hostname: string; username: string; tls: string | null }): boolean {
  if (tls === 'required') return true
  return tls !== 'optional' && username !== '' && !isLoopback(hostname)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'))
}
