import { admins, type Entries, type Sent } from '../entry.ts'
import type { Stage } from '../stage.ts'

/** About some member, who stays as before where nobody may do the deed. */
const about =
  (more: Sent = {}) =>
  async (stage: Stage): Promise<Sent> => ({ params: { id: (await stage.borrow()).id }, ...more })

const aboutMember = about()

async function suspended(stage: Stage): Promise<Sent> {
  const sent = await about()(stage)
  // Again where the last one asked in vain: a reason may be changed.
  await stage.asOwner('PUT', `/admin/people/${sent.params?.id}/suspension`, { reason: 'spam' })
  return sent
}

/** Somebody who waits to be taken in. */
async function waiting(stage: Stage): Promise<Sent> {
  await stage.asOwner('PATCH', '/admin/settings', { signUp: 'approval' })
  const body = { username: stage.name(), password: 'seven lanterns by the sea' }
  const { json } = await stage.call({ method: 'POST', path: '/api/user', body })
  await stage.asOwner('PATCH', '/admin/settings', { signUp: null })
  return { params: { id: (json as { user: { id: string } }).user.id } }
}

async function invitation(stage: Stage): Promise<Sent> {
  const { id } = await stage.asOwner<{ id: string }>('POST', '/admin/invitations', {})
  return { params: { id } }
}

const noTask = { id: 'none-0000000000' }

export const adminEntries: Entries = {
  'GET /admin/people': { answers: admins(200) },
  'GET /admin/people/:id': { answers: admins(200), send: aboutMember },
  'PUT /admin/people/:id/role': { answers: admins(204), send: about({ body: { role: 'moderator' } }) },
  'PUT /admin/people/:id/suspension': { answers: admins(204), send: about({ body: { reason: 'spam' } }) },
  'DELETE /admin/people/:id/suspension': { answers: admins(204), send: suspended },
  'POST /admin/people/:id/approval': { answers: admins(204), send: waiting },
  'DELETE /admin/people/:id/approval': { answers: admins(204), send: waiting },
  'DELETE /admin/people/:id/sessions': { answers: admins(204), send: aboutMember },
  'DELETE /admin/people/:id/second-factor': { answers: admins(409), send: aboutMember },
  'POST /admin/people/:id/reset-link': { answers: admins(201), send: aboutMember },
  'GET /admin/invitations': { answers: admins(200) },
  'POST /admin/invitations': { answers: admins(201), send: () => ({ body: {} }) },
  'DELETE /admin/invitations/:id': { answers: admins(204), send: invitation },
  'GET /admin/settings': { answers: admins(200) },
  'PATCH /admin/settings': { answers: admins(200), send: () => ({ body: { siteName: null } }) },
  'GET /admin/figures': { answers: admins(200) },
  'GET /admin/audit': { answers: admins(200) },
  'GET /admin/tasks': { answers: admins(200) },
  'GET /admin/task-kinds': { answers: admins(200) },
  'GET /admin/chores': { answers: admins(200) },
  'POST /admin/tasks/:id/run': { answers: admins(404), send: () => ({ params: noTask }) },
  'DELETE /admin/tasks/:id': { answers: admins(404), send: () => ({ params: noTask }) },
  'PUT /admin/tasks/:id/priority': { answers: admins(404), send: () => ({ params: noTask, body: { priority: 1 } }) },
  'PUT /admin/task-kinds/:kind/pause': { answers: admins(204), send: () => ({ params: { kind: 'sessions.sweep' } }) },
  'DELETE /admin/task-kinds/:kind/pause': { answers: admins(204), send: () => ({ params: { kind: 'sessions.sweep' } }) },
  'POST /admin/chores/:name/run': { answers: admins(404), send: () => ({ params: { name: 'none' } }) },
}
