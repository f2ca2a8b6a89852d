import { Problem } from '#server/lib/problem.ts'
import type { Confirm } from './confirm.ts'
import { linkInvalid, noSuchUser } from './errors.ts'
import { linkTokenHash, newLinkToken } from './link-tokens.ts'
import type { LinkStore } from './links-store.ts'
import type { LoggedIn } from './log-in.ts'
import { checkNewPassword } from './new-password.ts'
import type { AccountParts, From } from './parts.ts'
import type { AccountRow } from './store.ts'

const adminLinkHours = 48

/** New passwords: by the old one, or by a link that works once. Either way every session ends. */
export function createPasswordChanges(parts: AccountParts & { links: LinkStore }, confirm: Confirm) {
  const { store, sessions, passwords, links, clock, newId } = parts

  const everySession = (accountId: string, keptId: string | null) => ({ accountId, sessionId: null, keptId, ended: true })

  return {
    /** Answers a new session: the one that asked has ended with the others. */
    async change(account: AccountRow, body: { password: string; newPassword: string }, from: From): Promise<LoggedIn> {
      if (from.viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
      checkNewPassword(body.newPassword, { path: 'newPassword', username: account.name })
      await confirm(account, { password: body.password, viewer: from.viewer, signal: from.signal })
      const password = await passwords.hash(body.newPassword, from.signal)
      const session = await sessions.draft(account.id, { userAgent: from.userAgent, address: from.viewer.address })
      const doubt = everySession(account.id, session.id)
      await store.commit([
        ...sessions.doubtStatements(doubt),
        store.changeStatement(account.id, { password }),
        links.dropStatement(account.id, 'reset'),
        ...session.statements,
      ])
      await sessions.tell(doubt)
      return { account, token: session.token, expiresMs: session.expiresMs, lastsMs: session.lastsMs }
    },

    /** By the link of a letter, of an admin or of the command line. A second factor stays as it is. */
    async reset(token: string, newPassword: string, signal: AbortSignal): Promise<{ username: string }> {
      const tokenHash = linkTokenHash(token)
      const link = await links.find(tokenHash, 'reset', clock.now())
      if (!link || link.state === 'closed') throw linkInvalid()
      checkNewPassword(newPassword, { path: 'newPassword', username: link.name })
      const password = await passwords.hash(newPassword, signal)
      const doubt = everySession(link.account_id, null)
      const statements = [...sessions.doubtStatements(doubt), store.changeStatement(link.account_id, { password })]
      if (!(await links.use(link.id, tokenHash, statements))) throw linkInvalid()
      await sessions.tell(doubt)
      return { username: link.name }
    },

    /** For whoever may decide about this person: they asked before. The link ends the one before it. */
    async makeResetLink(
      accountId: string,
      more: readonly ReturnType<AccountParts['store']['owe']>[] = [],
    ): Promise<{ path: string; expiresMs: number }> {
      const account = await store.findById(accountId)
      if (!account || account.state === 'closed') throw noSuchUser()
      const { token, tokenHash } = newLinkToken()
      const expiresMs = clock.now() + adminLinkHours * 3_600_000
      await store.commit([...links.addStatements({ id: newId(), accountId, purpose: 'reset', tokenHash, email: null, expiresMs }), ...more])
      return { path: `/reset-password#${token}`, expiresMs }
    },
  }
}
export type PasswordChanges = ReturnType<typeof createPasswordChanges>
