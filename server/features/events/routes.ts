import type { ServerResponse } from 'node:http'
import { Type } from 'typebox'
import { type Route, route } from '#server/http/route.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import { exact } from '#shared/messages/message.ts'
import type { EventService } from './service.ts'

const area = 'Live'

/** What the realtime of this process offers to those who come without a WebSocket. */
export type Streams = {
  openStream(call: { viewer: Viewer; tab?: string; since?: string; response: ServerResponse }): Promise<void>
  post(call: { viewer: Viewer; connection: string; texts: readonly string[] }): Promise<boolean>
}

/** For the processes that answer the API. */
export function ticketRoutes(service: EventService): Route[] {
  return [
    route({
      method: 'POST',
      path: '/socket-tickets',
      idempotent: true,
      area,
      summary:
        'A ticket for one WebSocket, for clients that cannot show a cookie or a header there. It works once, within 30 seconds, as the subprotocol `ticket.…`.',
      access: 'person',
      answers: { 201: exact({ ticket: Type.String(), expiresAt: Type.String({ format: 'date-time' }) }) },
      limits: [{ name: 'socket-tickets', limit: { count: 60, periodMs: 60_000 }, per: 'person' }],
      async handle({ viewer }) {
        if (viewer.kind !== 'person') throw new Problem('unauthenticated', 'session.needed')
        const { ticket, expiresMs } = await service.issueTicket(viewer.sessionId)
        return { status: 201, body: { ticket, expiresAt: new Date(expiresMs).toISOString() } }
      },
    }),
  ]
}

/** For the processes that answer the API or hold sockets: `describe` makes the document when it is asked for. */
export function catalogueRoutes(describe: () => Promise<object>): Route[] {
  let document: Promise<string> | undefined
  return [
    route({
      method: 'GET',
      path: '/messages.json',
      area,
      summary: 'Every message of the sockets, with its schema: what a native client is written from.',
      access: 'anyone',
      answers: { 200: null },
      async handle() {
        document ??= describe().then((described) => JSON.stringify(described))
        return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, bytes: await document }
      },
    }),
  ]
}

/** For the processes that hold sockets. */
export function streamRoutes(streams: Streams): Route[] {
  return [
    route({
      method: 'GET',
      path: '/socket',
      area,
      summary: 'A WebSocket with the subprotocol `matinee.1`. Asked for without an upgrade, it only says so.',
      access: 'anyone',
      answers: { 426: null },
      handle: async () => ({ status: 426, headers: { upgrade: 'websocket', connection: 'upgrade' } }),
    }),
    route({
      method: 'GET',
      path: '/events/stream',
      area,
      summary:
        'The same messages as server-sent events, for where a proxy lets no WebSocket pass. Goes on after Last-Event-ID. Whoever posts nothing for 45 seconds is taken for gone.',
      access: 'anyone',
      query: exact({ tab: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{8,40}$' })) }),
      answers: { 200: null },
      async respond({ viewer, query, headers }, response) {
        const { tab } = query as { tab?: string }
        const since = headers['last-event-id']
        await streams.openStream({
          viewer,
          response,
          ...(tab === undefined ? {} : { tab }),
          ...(typeof since === 'string' ? { since } : {}),
        })
      },
    }),
    route({
      method: 'POST',
      path: '/events/send',
      area,
      summary: 'What a client of server-sent events says, in its order. The answers come by the stream that `connection` names.',
      access: 'anyone',
      body: exact({
        connection: Type.String({ pattern: '^[0-9a-z]{20}[.][0-9a-z]{1,11}$' }),
        messages: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 32 }),
      }),
      bodyLimitBytes: 131_072,
      limits: [{ name: 'events-send', limit: { count: 1200, periodMs: 60_000 }, per: 'person' }],
      answers: { 202: null },
      async handle({ viewer, body }) {
        const texts = body.messages.map((message) => JSON.stringify(message))
        const isThere = await streams.post({ viewer, connection: body.connection, texts })
        if (!isThere) throw new Problem('not_found', 'socket.no_such_line')
        return { status: 202 }
      },
    }),
  ]
}
