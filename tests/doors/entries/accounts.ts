import { goodPassword } from '#server/testing/visitors.ts'
import { type Entries, everybody, people, type Sent } from '../entry.ts'
import type { Somebody, Stage, Who } from '../stage.ts'

const named = ({ username }: Pick<Somebody, 'username'>) => ({ params: { username } })

/** A member's profile that is open to nobody: its keeper's own, to all others somebody else's. */
async function closedProfile(stage: Stage, { kind, somebody }: Who): Promise<Sent> {
  const target = kind === 'keeper' && somebody ? somebody : await stage.borrow()
  await stage.as(target, 'PATCH', '/me', { audience: 'nobody' })
  return named(target)
}

/** One's own account for the keeper, somebody else's for all others. */
async function account(stage: Stage, { kind, somebody }: Who): Promise<Sent> {
  const target = await stage.borrow()
  // By cookie a password is asked for: the closer's own.
  if (kind === 'keeper') return { ...named(target), as: target, body: { password: target.password } }
  return { ...named(target), body: { password: somebody?.password ?? goodPassword } }
}

const ownPassword = (_: Stage, { somebody }: Who): Sent => ({ body: { password: somebody?.password ?? goodPassword } })

async function newPassword(stage: Stage, { somebody }: Who): Promise<Sent> {
  const next = `${stage.name()} crosses the bridge`
  return {
    body: { password: somebody?.password ?? goodPassword, newPassword: next },
    after: ({ status, json }) => {
      if (status === 200 && somebody) Object.assign(somebody, { password: next, token: (json as { token: string }).token })
    },
  }
}

async function newName(stage: Stage): Promise<Sent> {
  return { as: await stage.borrow(), body: { username: stage.name() } }
}

const newAddress = (stage: Stage, { somebody }: Who): Sent => ({
  body: { email: `${stage.name()}@cinema.example`, password: somebody?.password ?? goodPassword },
})

export async function resetLink(stage: Stage): Promise<Sent> {
  const { id } = await stage.borrow()
  const { path } = await stage.asOwner<{ path: string }>('POST', `/admin/people/${id}/reset-link`)
  const token = new URL(path, 'http://localhost').searchParams.get('token') ?? path.split(/[#=/]/).at(-1) ?? ''
  return { body: { token, newPassword: `${stage.name()} crosses the bridge` } }
}

/** A picture of one pixel. */
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

/** Whoever was lent has a picture by now, and the name of its file. */
const pictures = new WeakMap<Somebody, string>()

async function avatarOf(stage: Stage): Promise<{ username: string; file: string }> {
  const somebody = await stage.borrow()
  const file = pictures.get(somebody) ?? (await putPicture(stage, somebody))
  pictures.set(somebody, file)
  return { username: somebody.username, file }
}

async function putPicture(stage: Stage, { token }: Somebody): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'image/png' }
  const { json, text } = await stage.call({ method: 'PUT', path: '/api/me/avatar', headers, body: pixel })
  const { avatar } = json as { avatar?: { small: string } }
  if (!avatar) throw new Error(`no picture could be put: ${text}`)
  return avatar.small.split('/').at(-1) ?? ''
}

export const accountEntries: Entries = {
  'POST /user': { answers: everybody(201), send: (stage) => ({ body: { username: stage.name(), password: goodPassword } }) },
  'POST /user/:username': {
    answers: everybody(200),
    send: async (stage) => ({ ...named(await stage.borrow()), body: { password: goodPassword } }),
  },
  'POST /session': {
    answers: everybody(200),
    send: async (stage) => ({ body: { username: (await stage.borrow()).username, password: goodPassword } }),
  },
  'GET /user/:username': {
    answers: { ...everybody(403), stranger: 401, keeper: 200, moderator: 200, admin: 200, owner: 200 },
    send: closedProfile,
  },
  'DELETE /user/:username': { answers: { ...people(403), keeper: 204, admin: 204, owner: 204 }, send: account },
  'GET /me': { answers: everybody(200) },
  'PATCH /me': { answers: people(200), send: () => ({ body: { bio: 'Sits in the last row.' } }) },
  'PUT /me/username': { answers: people(200), send: newName },
  'GET /me/closing': { answers: people(200) },
  'PUT /me/avatar': { answers: people(200), send: () => ({ body: pixel, headers: { 'content-type': 'image/png' } }) },
  'DELETE /me/avatar': { answers: people(204) },
  'GET /avatars/:file': { answers: everybody(200), send: async (stage) => ({ params: { file: (await avatarOf(stage)).file } }) },
  'GET /user/:username/avatar': { answers: everybody(200), send: async (stage) => named(await avatarOf(stage)) },
  'PUT /me/password': { answers: people(200), send: newPassword },
  // No mail is set up here: whoever may is told so.
  'PUT /me/email': { answers: people(503), send: newAddress },
  'POST /email-confirmation': { answers: everybody(400), send: () => ({ body: { token: 'none' } }) },
  'POST /password-reset-request': { answers: everybody(202), send: () => ({ body: { who: 'nobody-at-all' } }) },
  'POST /password-reset': { answers: everybody(200), send: resetLink },
  'GET /me/second-factor': { answers: people(200) },
  'POST /me/second-factor': { answers: people(201), send: ownPassword },
  'PUT /me/second-factor': { answers: people(400), send: () => ({ body: { code: '000000' } }) },
  'POST /me/second-factor/recovery-codes': { answers: people(409), send: ownPassword },
  'DELETE /me/second-factor': { answers: people(204), send: ownPassword },
  'GET /site': { answers: everybody(200) },
  'GET /invitations/:code': {
    answers: everybody(200),
    send: async (stage) => ({ params: { code: (await stage.asOwner<{ code: string }>('POST', '/admin/invitations', {})).code } }),
  },
}
