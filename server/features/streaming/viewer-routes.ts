import { Type } from 'typebox'
import { type Route, route } from '#server/http/route.ts'
import { StreamFigures, StreamReportBody, StreamSeats } from '#shared/api/films.ts'
import { askerOf } from './asker.ts'
import { access, area, vid } from './route-parts.ts'
import type { StreamingService } from './service.ts'

/** What viewers have to do with streams besides watching: their own seats, and what their players report. */
export function viewerRoutes(service: Pick<StreamingService, 'listSeats' | 'endSeat' | 'report' | 'figures'>): Route[] {
  return [
    route({
      method: 'GET',
      path: '/me/streams',
      area,
      summary: 'What one is watching at the moment, by device, through this server.',
      access: 'person',
      answers: { 200: StreamSeats },
      handle: ({ viewer }) => Promise.resolve({ status: 200 as const, body: { items: service.listSeats(viewer) } }),
    }),
    route({
      method: 'DELETE',
      path: '/me/streams/:id',
      area,
      summary: 'End a stream of one’s own on another device.',
      access: 'person',
      params: Type.Object({ id: Type.String({ pattern: '^[\\w-]{1,64}$' }) }),
      answers: { 204: null },
      handle({ viewer, params }) {
        service.endSeat(viewer, params.id)
        return Promise.resolve({ status: 204 as const })
      },
    }),
    route({
      method: 'POST',
      path: '/stream/:vid/report',
      area,
      summary: 'How a film is being seen: start, stalls, quality and errors since the last report.',
      access,
      params: Type.Object({ vid }),
      body: StreamReportBody,
      answers: { 204: null },
      limits: [{ name: 'report', limit: { count: 600, periodMs: 3_600_000, burst: 120 }, per: 'address and person' }],
      async handle(call) {
        await service.report(askerOf(call), call.params.vid, call.body)
        return { status: 204 }
      },
    }),
    route({
      method: 'GET',
      path: '/admin/streams',
      area: 'Administration',
      summary: 'How films are being seen: starts, stalls, quality and errors by day, and the seats of this server.',
      access: { role: 'admin' },
      query: Type.Object({ days: Type.Optional(Type.Integer({ minimum: 1, maximum: 90 })) }),
      answers: { 200: StreamFigures },
      handle: async ({ query }) => ({ status: 200, body: await service.figures(query.days ?? 30) }),
    }),
  ]
}
