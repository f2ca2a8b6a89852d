import { type Route, route } from '#server/http/route.ts'
import { AdminPeopleAnswer, AdminPeopleQuery, AdminPerson, ChangeRoleBody, ResetLinkAnswer, SuspendBody } from '#shared/api/admin.ts'
import { IdParams } from '#shared/api/common.ts'
import type { AdminService } from './service.ts'
import { momentOf } from './view.ts'

const area = 'Admin'
const path = '/admin/people'
const params = IdParams
const manage = { action: 'person.manage' }
const done = { 204: null } as const

export function peopleRoutes({ people }: AdminService): Route[] {
  return [
    route({
      method: 'GET',
      path,
      area,
      summary: 'People, the newest first; `q`: those whose name begins so.',
      access: { action: 'people.list' },
      query: AdminPeopleQuery,
      answers: { 200: AdminPeopleAnswer },
      handle: async ({ viewer, query }) => ({ status: 200, body: await people.list(viewer, query) }),
    }),
    route({
      method: 'GET',
      path: `${path}/:id`,
      area,
      summary: 'One person, with what one may do about them.',
      access: { action: 'people.list' },
      params,
      answers: { 200: AdminPerson },
      handle: async ({ viewer, params: { id } }) => ({ status: 200, body: await people.get(viewer, id) }),
    }),
    route({
      method: 'PUT',
      path: `${path}/:id/role`,
      area,
      summary: 'Give a role. Giving `owner` away makes oneself an admin.',
      access: { action: 'person.role' },
      params,
      body: ChangeRoleBody,
      answers: done,
      async handle({ viewer, params: { id }, body }) {
        await people.changeRole(viewer, id, body.role)
        return { status: 204 }
      },
    }),
    route({
      method: 'PUT',
      path: `${path}/:id/suspension`,
      area,
      summary: 'Suspend: all sessions end, and nobody logs in until it ends or is lifted.',
      access: manage,
      params,
      body: SuspendBody,
      answers: done,
      async handle({ viewer, params: { id }, body }) {
        await people.suspend(viewer, id, body)
        return { status: 204 }
      },
    }),
    ...deeds(people),
    route({
      method: 'POST',
      path: `${path}/:id/reset-link`,
      idempotent: true,
      area,
      summary: 'A link for a new password that works once, shown this one time. It ends the one before it.',
      access: manage,
      params,
      answers: { 201: ResetLinkAnswer },
      async handle({ viewer, params: { id }, origin }) {
        const { path: link, expiresMs } = await people.makeResetLink(viewer, id)
        return { status: 201, body: { path: link, url: origin + link, expiresAt: momentOf(expiresMs) } }
      },
    }),
  ]
}

/** Those that need no more than to be done. */
function deeds(people: AdminService['people']): Route[] {
  const deed = (
    method: 'POST' | 'DELETE',
    name: string,
    summary: string,
    work: (...all: Parameters<typeof people.approve>) => Promise<void>,
  ) =>
    route({
      method,
      path: `${path}/:id/${name}`,
      area,
      summary,
      access: manage,
      params,
      answers: done,
      async handle({ viewer, params: { id } }) {
        await work(viewer, id)
        return { status: 204 }
      },
    })
  return [
    deed('DELETE', 'suspension', 'Lift a suspension.', people.unsuspend),
    deed('POST', 'approval', 'Take in somebody who waits.', people.approve),
    deed('DELETE', 'approval', 'Do not take in somebody who waits: the account goes.', people.decline),
    deed('DELETE', 'sessions', 'End all their sessions.', people.endSessions),
    deed('DELETE', 'second-factor', 'Take away a second factor that was lost.', people.endSecondFactor),
  ]
}
