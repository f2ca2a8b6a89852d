import { type Route, route, type SetCookie, sessionCookie } from '#server/http/route.ts'
import { RegisterAnswer, RegisterBody, SessionAnswer, UsernameParams } from '#shared/api/accounts.ts'
import { Username } from '#shared/api/common.ts'
import { LogInBody } from '#shared/api/sessions.ts'
import { Type } from 'typebox'
import { fromCall } from './from-call.ts'
import type { AccountService } from './service.ts'
import { toMoment } from './view.ts'

const area = 'Users'

/** A whole school behind one router may log in at once; what fails is counted apart, and far more strictly. */
const logInLimits = [{ name: 'log-in', limit: { count: 600, periodMs: 15 * 60_000, burst: 300 }, per: 'address' as const }]

/** The cookie lasts as long as a session can; whether it holds is for the session's row to say. */
export function cookieFor(token: string, lastsMs: number): SetCookie {
  return { name: sessionCookie, value: token, maxAgeS: Math.floor(lastsMs / 1000), httpOnly: true }
}

/** Letting people in. The rows with a name in their path are the contract's; `POST /session` is the same for forms. */
export function sessionRoutes(service: AccountService): Route[] {
  const logIn = async (username: string, body: LogInBody, call: Parameters<typeof fromCall>[0]) => {
    const { account, token, expiresMs, lastsMs } = await service.logIn(username, body, fromCall(call))
    const user = await service.profiles.own(account)
    return { status: 200 as const, cookies: [cookieFor(token, lastsMs)], body: { token, expiresAt: toMoment(expiresMs), user } }
  }

  return [
    route({
      method: 'POST',
      path: '/user',
      idempotent: true,
      at: 'both',
      area,
      summary: 'Register. The answer is a session, unless sign-up is by approval: then its token is null.',
      access: 'anyone',
      sessionless: true,
      body: RegisterBody,
      answers: { 201: RegisterAnswer },
      limits: [{ name: 'register', limit: { count: 600, periodMs: 3_600_000, burst: 300 }, per: 'address' }],
      example: { body: { username: '林小美', password: 'seven lanterns by the sea' } },
      async handle(call) {
        const { accountId, token, expiresMs, lastsMs } = await service.register(call.body, fromCall(call))
        const user = await service.ownProfileOf(accountId)
        if (!user) throw new Error('an account that was just made is not there')
        if (token === undefined) return { status: 201, body: { token: null, expiresAt: null, user } }
        return { status: 201, cookies: [cookieFor(token, lastsMs)], body: { token, expiresAt: toMoment(expiresMs), user } }
      },
    }),
    route({
      method: 'POST',
      path: '/user/:username',
      at: 'both',
      area,
      summary: 'Log in. A second factor is asked for (401, session.code_needed) once the password was right.',
      access: 'anyone',
      sessionless: true,
      params: UsernameParams,
      body: LogInBody,
      answers: { 200: SessionAnswer },
      limits: logInLimits,
      example: { body: { password: 'seven lanterns by the sea' } },
      handle: (call) => logIn(call.params.username, call.body, call),
    }),
    route({
      method: 'POST',
      path: '/session',
      area: 'Sessions',
      summary: 'Log in, with the name in the body.',
      access: 'anyone',
      sessionless: true,
      body: Type.Object({ username: Username, ...LogInBody.properties }),
      answers: { 200: SessionAnswer },
      limits: logInLimits,
      handle(call) {
        const { username, ...body } = call.body
        return logIn(username, body, call)
      },
    }),
  ]
}
