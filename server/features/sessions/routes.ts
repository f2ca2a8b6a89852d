import { type Route, route, type SetCookie, sessionCookie } from '#server/http/route.ts'
import { IdParams } from '#shared/api/common.ts'
import { NewTokenAnswer, SessionsAnswer } from '#shared/api/sessions.ts'
import type { SessionService } from './service.ts'

const area = 'Sessions'

/** The cookie lasts as long as a session can; whether it holds is the session's row to say. */
function cookieFor(token: string, lastsMs: number): SetCookie {
  return { name: sessionCookie, value: token, maxAgeS: Math.floor(lastsMs / 1000), httpOnly: true }
}
const noCookie: SetCookie = { name: sessionCookie, value: '', maxAgeS: 0, httpOnly: true }

export function sessionRoutes(service: SessionService): Route[] {
  return [
    route({
      method: 'DELETE',
      path: '/session',
      at: 'both',
      area,
      summary: 'Log out: ends the session that is shown.',
      access: 'person',
      answers: { 204: null },
      async handle({ viewer }) {
        await service.logOut(viewer)
        return { status: 204, cookies: [noCookie] }
      },
    }),
    route({
      method: 'POST',
      path: '/session/token',
      area,
      summary:
        'A new token for this session. The old one holds until the new one is first shown, and a minute longer; shown after that it ends the session.',
      access: 'person',
      answers: { 200: NewTokenAnswer },
      limits: [{ name: 'session-token', limit: { count: 10, periodMs: 3_600_000 }, per: 'person' }],
      async handle({ viewer }) {
        const { token, expiresMs, lastsMs } = await service.renew(viewer)
        const cookies = viewer.kind === 'person' && viewer.via === 'cookie' ? [cookieFor(token, lastsMs)] : []
        return { status: 200, cookies, body: { token, expiresAt: new Date(expiresMs).toISOString() } }
      },
    }),
    route({
      method: 'GET',
      path: '/sessions',
      area,
      summary: 'Where one is logged in, the last used first.',
      access: 'person',
      answers: { 200: SessionsAnswer },
      handle: async ({ viewer }) => ({ status: 200, body: await service.list(viewer) }),
    }),
    route({
      method: 'DELETE',
      path: '/sessions',
      area,
      summary: 'Log out everywhere else.',
      access: 'person',
      answers: { 204: null },
      async handle({ viewer }) {
        await service.endOthers(viewer)
        return { status: 204 }
      },
    }),
    route({
      method: 'DELETE',
      path: '/sessions/:id',
      area,
      summary: 'End one of one’s sessions.',
      access: 'person',
      params: IdParams,
      answers: { 204: null },
      async handle({ viewer, params }) {
        await service.endOne(viewer, params.id)
        return { status: 204 }
      },
    }),
  ]
}
