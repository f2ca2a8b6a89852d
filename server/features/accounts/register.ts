import { type FieldProblem, Problem } from '#server/lib/problem.ts'
import { foldText, toLine } from '#server/lib/plain-text.ts'
import { continueAs } from '#server/lib/viewer-scope.ts'
import type { RegisterBody } from '#shared/api/accounts.ts'
import { createDevices } from './devices.ts'
import { invitationInvalid, invitationNeeded, nameTaken, ownerCodeWrong, signUpClosed } from './errors.ts'
import { checkNewPassword, passwordFaults } from './new-password.ts'
import { isOwnerCode } from './owner-code.ts'
import type { AccountParts, From } from './parts.ts'
import { isTimeZone } from './time-zones.ts'
import { parseUsername, type Username } from './username.ts'

type Entry = { isOwner: boolean; state: 'active' | 'waiting'; invitation: { id: string; nowMs: number } | undefined }
export type Registered = { accountId: string; token: string | undefined; expiresMs: number; lastsMs: number }

/** Takes somebody new in, as the house's sign-up says; and who comes first from the machine itself, or with the code of the first start, owns it. */
export function createRegister(parts: AccountParts) {
  const { store, sessions, passwords, clock, newId } = parts
  const rememberDevice = createDevices(parts)
  let hasOwner = false

  const ownerKnown = async () => {
    hasOwner ||= await store.ownerKnown()
    return hasOwner
  }

  const ownerClaim = async (body: RegisterBody, from: From): Promise<boolean> => {
    if (body.ownerCode === undefined) return from.isLocal && !(await ownerKnown())
    if ((await ownerKnown()) || !isOwnerCode(body.ownerCode, parts.signKey)) throw ownerCodeWrong()
    return true
  }

  const enter = async (body: RegisterBody, isOwner: boolean): Promise<Entry> => {
    const { signUp } = parts.settings()
    if (isOwner) return { isOwner, state: 'active', invitation: undefined }
    if (signUp === 'closed') throw signUpClosed()
    if (body.invitation !== undefined) return { isOwner, state: 'active', invitation: await findInvitation(body.invitation) }
    if (signUp === 'invitation') throw invitationNeeded()
    return { isOwner, state: signUp === 'approval' ? 'waiting' : 'active', invitation: undefined }
  }

  const findInvitation = async (code: string) => {
    const found = await store.findInvitation(code.trim().toLowerCase())
    if (!found) throw invitationInvalid()
    return { id: found.id, nowMs: clock.now() }
  }

  const insert = async (body: RegisterBody, from: From, entering: { username: Username; entry: Entry; password: string }) => {
    const { username, entry, password } = entering
    const nowMs = clock.now()
    const accountId = newId()
    const displayName = toLine(body.displayName ?? '') || username.name
    const account = {
      id: accountId,
      username,
      displayName: { name: displayName, key: foldText(displayName).slice(0, 120) },
      role: entry.isOwner ? ('owner' as const) : ('member' as const),
      state: entry.state,
      password,
      language: body.language ?? null,
      timeZone: body.timeZone ?? null,
      note: entry.state === 'waiting' ? toLine(body.note ?? '') : '',
      nowMs,
    }
    const session = await sessions.draft(accountId, { userAgent: from.userAgent, address: from.viewer.address })
    const first = { accountId, known: [], sessionId: session.id, name: session.deviceName }
    const statements = entry.state === 'active' ? [...session.statements, ...rememberDevice(first)] : []
    continueAs(accountId)
    const outcome = await store.register(account, { invitation: entry.invitation, isOwner: entry.isOwner, statements })
    const { expiresMs, lastsMs } = session
    return {
      outcome,
      registered: { accountId, token: entry.state === 'active' ? session.token : undefined, expiresMs, lastsMs } satisfies Registered,
    }
  }

  return {
    ownerKnown,

    /** At the command line: whatever sign-up says. Without a password nobody gets in until a link has been followed. */
    async create({ username, password }: { username: string; password: string | undefined }): Promise<string> {
      const name = parseUsername(username, { mayReserved: true })
      if (password !== undefined) checkNewPassword(password, { path: 'password', username })
      const nowMs = clock.now()
      const id = newId()
      const displayName = { name: name.name, key: foldText(name.name).slice(0, 120) }
      const hashed = password === undefined ? '' : await passwords.hash(password)
      const account = {
        id,
        username: name,
        displayName,
        role: 'member' as const,
        state: 'active' as const,
        password: hashed,
        language: null,
        timeZone: null,
        note: '',
        nowMs,
      }
      const outcome = await store.register(account, { invitation: undefined, isOwner: false, statements: [] })
      if (outcome !== 'registered') throw nameTaken()
      return id
    },

    async register(body: RegisterBody, from: From): Promise<Registered> {
      const isOwner = await ownerClaim(body, from)
      const username = checkFields(body, isOwner)
      const entry = await enter(body, isOwner)
      if (await store.isTaken(username.key, clock.now())) throw nameTaken()
      const password = await passwords.hash(body.password, from.signal)
      const { outcome, registered } = await insert(body, from, { username, entry, password })
      switch (outcome) {
        case 'registered':
          return registered
        case 'name taken':
          throw nameTaken()
        case 'invitation used up':
          throw invitationInvalid()
        case 'owner known': {
          // Two came first at the same time: the second is as welcome as anybody.
          const again = { username: checkFields(body, false), entry: await enter(body, false), password }
          const second = await insert(body, from, again)
          if (second.outcome === 'registered') return second.registered
          throw nameTaken()
        }
      }
    },
  }
}

/** Every wrong field is named at once. */
function checkFields(body: RegisterBody, mayReserved: boolean): Username {
  const fields: FieldProblem[] = passwordFaults(body.password, { path: 'password', username: body.username })
  if (body.timeZone !== undefined && !isTimeZone(body.timeZone)) fields.push({ path: 'timeZone', code: 'profile.time_zone' })
  let username: Username | undefined
  try {
    username = parseUsername(body.username, { mayReserved })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    fields.unshift(...error.fields)
  }
  if (fields.length > 0 || !username) throw new Problem('invalid', 'http.wrong_fields', { fields })
  return username
}
