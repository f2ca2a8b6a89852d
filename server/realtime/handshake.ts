import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { negotiateLanguage } from '#server/lib/negotiate-language.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Language } from '#shared/language.ts'
import { subprotocol, ticketPrefix } from '#shared/messages/envelope.ts'
import type { Since } from './event-log.ts'

/** Somebody knocks: the HTTP server has looked at the request, and nothing has been answered. */
export type Knock = {
  request: IncomingMessage
  socket: Duplex
  head: Buffer
  client: { address: string }
  /** The Origin, to the letter, is one of ours. */
  isOurOrigin: boolean
  /** Who shows a cookie or a bearer token; a wrong one throws `unauthenticated`. */
  authenticate(): Promise<Viewer>
}

export type Guards = {
  /** Whose ticket it is; each works once. */
  redeem(ticket: string, from: { address: string; language: Language }): Promise<Viewer | undefined>
  /** Foreign pages that may come with a ticket or a bearer token, never with a cookie. */
  isFriendlyOrigin?(origin: string): boolean
  /** Whether those who are not signed in are let in at all. */
  admitsStrangers: boolean
}

export type Admitted = { viewer: Viewer; tab: string | undefined; since: Since | undefined }

/**
 * T7: a browser sends cookies along with a WebSocket that any page opens, and asks nobody. Hence nothing is upgraded before the origin is known to be
 * ours to the letter, or no cookie speaks for the sender.
 */
export async function admit(knock: Knock, guards: Guards): Promise<Admitted> {
  const { request, client, isOurOrigin } = knock
  const { origin } = request.headers
  if (origin !== undefined && !isOurOrigin && !guards.isFriendlyOrigin?.(origin)) throw foreignOrigin()
  const ticket = ticketOf(request.headers)
  const language = negotiateLanguage(request.headers['accept-language'])
  const viewer = ticket === undefined ? await knock.authenticate() : await guards.redeem(ticket, { address: client.address, language })
  if (!viewer) throw new Problem('unauthenticated', 'socket.bad_ticket')
  const byCookie = viewer.kind === 'person' && viewer.via === 'cookie' && ticket === undefined
  if (byCookie && !isOurOrigin) throw foreignOrigin()
  if (viewer.kind === 'stranger' && !guards.admitsStrangers) throw new Problem('unauthenticated', 'session.needed')
  const query = new URLSearchParams(request.url?.split('?', 2)[1])
  return { viewer, tab: tabOf(query), since: parseSince(query.get('since') ?? undefined) }
}

function foreignOrigin(): Problem {
  return new Problem('forbidden', 'socket.foreign_origin')
}

/** Subprotocols: ours, and perhaps a ticket. */
function ticketOf(headers: IncomingHttpHeaders): string | undefined {
  const offered = offeredProtocols(headers)
  return offered.find((name) => name.startsWith(ticketPrefix))?.slice(ticketPrefix.length)
}

export function speaksOurProtocol(headers: IncomingHttpHeaders): boolean {
  return offeredProtocols(headers).includes(subprotocol)
}

function offeredProtocols(headers: IncomingHttpHeaders): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
}

function tabOf(query: URLSearchParams): string | undefined {
  const tab = query.get('tab') ?? ''
  return /^[A-Za-z0-9_-]{8,40}$/.test(tab) ? tab : undefined
}

/** `epoch:seq`, as in the id of a server-sent event. Anything else is as if it had not been said. */
export function parseSince(text: string | undefined): Since | undefined {
  const found = /^(\d{1,15}):(\d{1,15})$/.exec(text ?? '')
  return found ? { epoch: Number(found[1]), seq: Number(found[2]) } : undefined
}
