import type { LogInBody } from '#shared/api/sessions.ts'
import { createDevices } from './devices.ts'
import { codeNeeded, codeWrong, suspended, waiting, wrongLogIn } from './errors.ts'
import type { AccountParts, From } from './parts.ts'
import type { SecondFactor } from './second-factor.ts'
import type { AccountRow } from './store.ts'
import { usernameKey } from './username.ts'

export type LoggedIn = { account: AccountRow; token: string; expiresMs: number; lastsMs: number }

/** Lets somebody in who knows the password and, where there is one, has the second factor. Unknown names are asked as much, and told the same. */
export function createLogIn(parts: AccountParts, secondFactor: Pick<SecondFactor, 'take'>) {
  const { store, sessions, passwords, failures, clock } = parts
  const rememberDevice = createDevices(parts)

  const prove = async (username: string, body: LogInBody, from: From): Promise<AccountRow> => {
    const key = usernameKey(username)
    const known = await store.findByName(key, clock.now(), { decide: true })
    let account: AccountRow | undefined
    let isCodeWrong = false
    const isProved = await failures.attempt({ account: known?.id ?? key, address: from.viewer.address }, async () => {
      account = await store.findByName(key, clock.now(), { decide: true })
      const { isRight, isOutdated } = await passwords.check(body.password, account?.password, from.signal)
      if (!account || !isRight) return false
      if (account.second_factor_ms !== null) {
        if (body.code === undefined || body.code.trim() === '') throw codeNeeded()
        isCodeWrong = !(await secondFactor.take(account.id, body.code))
        if (isCodeWrong) return false
      }
      if (isOutdated) await store.rehash(account.id, { from: account.password, to: await passwords.hash(body.password) })
      return true
    })
    if (isProved && account) return account
    throw isCodeWrong ? codeWrong() : wrongLogIn()
  }

  return async (username: string, body: LogInBody, from: From): Promise<LoggedIn> => {
    const account = await prove(username, body, from)
    await admit(account)
    const session = await sessions.draft(account.id, { userAgent: from.userAgent, address: from.viewer.address })
    const device = { accountId: account.id, known: store.devicesIn(account), sessionId: session.id, name: session.deviceName }
    await store.commit([...session.statements, ...rememberDevice(device)])
    await sessions.trim(account.id)
    return { account, token: session.token, expiresMs: session.expiresMs, lastsMs: session.lastsMs }
  }

  async function admit(account: AccountRow): Promise<void> {
    if (account.state === 'active') return
    if (account.state === 'waiting') throw waiting()
    const untilMs = account.suspended_until_ms
    if (account.state === 'closed') throw wrongLogIn()
    if (untilMs === null || untilMs > clock.now()) throw suspended(account.suspended_reason, untilMs)
    await store.lift(account.id, clock.now())
  }
}
