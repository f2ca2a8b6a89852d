import { type Route, route } from '#server/http/route.ts'
import {
  AskResetBody,
  BeginSecondFactorAnswer,
  BeginSecondFactorBody,
  ChangeEmailBody,
  ChangePasswordBody,
  ConfirmEmailBody,
  ConfirmSecondFactorBody,
  EndSecondFactorBody,
  InvitationCheck,
  InvitationParams,
  RecoveryCodesAnswer,
  ResetPasswordAnswer,
  ResetPasswordBody,
  SecondFactorAnswer,
  SessionAnswer,
} from '#shared/api/accounts.ts'
import { SiteAnswer } from '#shared/api/admin.ts'
import { fromCall } from './from-call.ts'
import type { AccountService } from './service.ts'
import { cookieFor } from './session-routes.ts'
import { toMoment } from './view.ts'

const area = 'Users'
const own = { action: 'account.change' }
const hour = 3_600_000

export function securityRoutes(service: AccountService): Route[] {
  return [...passwordRoutes(service), ...secondFactorRoutes(service), ...doorRoutes(service)]
}

function passwordRoutes(service: AccountService): Route[] {
  return [
    route({
      method: 'PUT',
      path: '/me/password',
      area,
      summary: 'Change one’s password. Every session ends; the answer is a new one.',
      access: own,
      body: ChangePasswordBody,
      answers: { 200: SessionAnswer },
      async handle(call) {
        const { account, token, expiresMs, lastsMs } = await service.changePassword(call.body, fromCall(call))
        const user = await service.profiles.own(account)
        return { status: 200, cookies: [cookieFor(token, lastsMs)], body: { token, expiresAt: toMoment(expiresMs), user } }
      },
    }),
    route({
      method: 'PUT',
      path: '/me/email',
      area,
      summary: 'Give an address for letters, or null for none. It counts once the link that was sent there has been followed.',
      access: own,
      body: ChangeEmailBody,
      answers: { 204: null },
      limits: [{ name: 'email', limit: { count: 10, periodMs: 24 * hour, burst: 5 }, per: 'person' }],
      async handle({ viewer, body, signal }) {
        await service.changeEmail(viewer, body, signal)
        return { status: 204 }
      },
    }),
    route({
      method: 'POST',
      path: '/email-confirmation',
      area,
      summary: 'Follow the link of the letter that confirms an address.',
      access: 'anyone',
      sessionless: true,
      body: ConfirmEmailBody,
      answers: { 204: null },
      limits: [{ name: 'links', limit: { count: 60, periodMs: hour }, per: 'address' }],
      async handle({ body }) {
        await service.email.confirm(body.token)
        return { status: 204 }
      },
    }),
    route({
      method: 'POST',
      path: '/password-reset-request',
      area,
      summary:
        'Ask for a letter with a link to a new password, by name or address. The answer is the same whether there is such a person or not.',
      access: 'anyone',
      sessionless: true,
      body: AskResetBody,
      answers: { 202: null },
      limits: [{ name: 'ask-reset', limit: { count: 20, periodMs: hour, burst: 5 }, per: 'address' }],
      async handle({ body }) {
        await service.askReset(body.who)
        return { status: 202 }
      },
    }),
    route({
      method: 'POST',
      path: '/password-reset',
      area,
      summary: 'Choose a new password by a link that works once. Every session ends.',
      access: 'anyone',
      sessionless: true,
      body: ResetPasswordBody,
      answers: { 200: ResetPasswordAnswer },
      limits: [{ name: 'links', limit: { count: 60, periodMs: hour }, per: 'address' }],
      handle: async ({ body, signal }) => ({
        status: 200,
        body: await service.passwordChanges.reset(body.token, body.newPassword, signal),
      }),
    }),
  ]
}

function secondFactorRoutes({ secondFactor }: AccountService): Route[] {
  return [
    route({
      method: 'GET',
      path: '/me/second-factor',
      area,
      summary: 'Whether one’s second factor is on.',
      access: own,
      answers: { 200: SecondFactorAnswer },
      handle: async ({ viewer }) => ({ status: 200, body: await secondFactor.describe(viewer) }),
    }),
    route({
      method: 'POST',
      path: '/me/second-factor',
      idempotent: true,
      area,
      summary: 'Begin to set up a second factor: what the authenticator app needs, shown this once.',
      access: own,
      body: BeginSecondFactorBody,
      answers: { 201: BeginSecondFactorAnswer },
      handle: async ({ viewer, body, signal }) => ({ status: 201, body: await secondFactor.begin(viewer, body.password, signal) }),
    }),
    route({
      method: 'PUT',
      path: '/me/second-factor',
      area,
      summary: 'Put it in force with a first code. The recovery codes are shown this once.',
      access: own,
      body: ConfirmSecondFactorBody,
      answers: { 200: RecoveryCodesAnswer },
      limits: [{ name: 'second-factor', limit: { count: 20, periodMs: hour / 4, burst: 10 }, per: 'person' }],
      handle: async ({ viewer, body }) => ({ status: 200, body: await secondFactor.confirm(viewer, body.code) }),
    }),
    route({
      method: 'POST',
      path: '/me/second-factor/recovery-codes',
      idempotent: true,
      area,
      summary: 'New recovery codes; the old ones are worth nothing any more.',
      access: own,
      body: BeginSecondFactorBody,
      answers: { 201: RecoveryCodesAnswer },
      handle: async ({ viewer, body, signal }) => ({ status: 201, body: await secondFactor.renewCodes(viewer, body.password, signal) }),
    }),
    route({
      method: 'DELETE',
      path: '/me/second-factor',
      area,
      summary: 'Take the second factor away.',
      access: own,
      body: EndSecondFactorBody,
      answers: { 204: null },
      async handle({ viewer, body, signal }) {
        await secondFactor.end(viewer, body.password, signal)
        return { status: 204 }
      },
    }),
  ]
}

/** What strangers may ask before they come in. */
function doorRoutes(service: AccountService): Route[] {
  return [
    route({
      method: 'GET',
      path: '/site',
      area: 'Site',
      summary: 'The cinema’s name, and how one signs up.',
      access: 'anyone',
      sessionless: true,
      answers: { 200: SiteAnswer },
      handle: async () => ({ status: 200, body: await service.site() }),
    }),
    route({
      method: 'GET',
      path: '/invitations/:code',
      area,
      summary: 'Whether an invitation holds; 404 when not.',
      access: 'anyone',
      sessionless: true,
      params: InvitationParams,
      answers: { 200: InvitationCheck },
      limits: [{ name: 'invitations', limit: { count: 60, periodMs: hour }, per: 'address' }],
      handle: async ({ params }) => ({ status: 200, body: await service.checkInvitation(params.code) }),
    }),
  ]
}
