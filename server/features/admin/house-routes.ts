import { type Route, route } from '#server/http/route.ts'
import {
  AuditAnswer,
  AuditQuery,
  ChangeSettingsBody,
  FiguresAnswer,
  InvitationsAnswer,
  InvitationView,
  NewInvitationBody,
  SettingsAnswer,
} from '#shared/api/admin.ts'
import { IdParams, PageQuery } from '#shared/api/common.ts'
import type { AdminService } from './service.ts'

const area = 'Admin'

/** Invitations, settings, figures and the log. */
export function houseRoutes(service: AdminService): Route[] {
  const { invitations, audit } = service
  return [
    route({
      method: 'GET',
      path: '/admin/invitations',
      area,
      summary: 'Invitations, the newest first.',
      access: { action: 'invitations.manage' },
      query: PageQuery,
      answers: { 200: InvitationsAnswer },
      handle: async ({ viewer, query }) => ({ status: 200, body: await invitations.list(viewer, query) }),
    }),
    route({
      method: 'POST',
      path: '/admin/invitations',
      idempotent: true,
      area,
      summary: 'Make an invitation: for one person unless told otherwise.',
      access: { action: 'invitations.manage' },
      body: NewInvitationBody,
      answers: { 201: InvitationView },
      handle: async ({ viewer, body }) => ({ status: 201, body: await invitations.make(viewer, body) }),
    }),
    route({
      method: 'DELETE',
      path: '/admin/invitations/:id',
      area,
      summary: 'Withdraw an invitation. Who came by it stays.',
      access: { action: 'invitations.manage' },
      params: IdParams,
      answers: { 204: null },
      async handle({ viewer, params }) {
        await invitations.withdraw(viewer, params.id)
        return { status: 204 }
      },
    }),
    route({
      method: 'GET',
      path: '/admin/settings',
      area,
      summary: 'The settings that hold, and what the configuration says.',
      access: { action: 'settings.see' },
      answers: { 200: SettingsAnswer },
      handle: async ({ viewer }) => ({ status: 200, body: service.settings(viewer) }),
    }),
    route({
      method: 'PATCH',
      path: '/admin/settings',
      area,
      summary: 'Change settings, in every process at once; null goes back to the configuration.',
      access: { action: 'settings.change' },
      body: ChangeSettingsBody,
      answers: { 200: SettingsAnswer },
      handle: async ({ viewer, body }) => ({ status: 200, body: await service.changeSettings(viewer, body) }),
    }),
    route({
      method: 'GET',
      path: '/admin/figures',
      area,
      summary: 'How many there are of everything, as of the last ten seconds.',
      access: { action: 'figures.see' },
      answers: { 200: FiguresAnswer },
      handle: async ({ viewer }) => ({ status: 200, body: await service.figures(viewer) }),
    }),
    route({
      method: 'GET',
      path: '/admin/audit',
      area,
      summary: 'What admins did, the newest first. Nothing is ever changed in it.',
      access: { action: 'audit.see' },
      query: AuditQuery,
      answers: { 200: AuditAnswer },
      handle: async ({ viewer, query }) => ({ status: 200, body: await audit.list(viewer, query) }),
    }),
  ]
}
