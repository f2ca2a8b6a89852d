import type { Person } from '#server/lib/viewer.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Confirm } from './confirm.ts'
import { linkInvalid, wrongField } from './errors.ts'
import { writeLetter } from './letters.ts'
import { linkTokenHash, newLinkToken } from './link-tokens.ts'
import type { LinkStore } from './links-store.ts'
import type { AccountParts } from './parts.ts'
import type { AccountRow } from './store.ts'
import { usernameKey } from './username.ts'

export type EmailService = ReturnType<typeof createEmail>

const confirmHours = 48
const resetHours = 2

/** Where a person's letters go. An address counts once its owner has followed the link that was sent there. */
export function createEmail(parts: AccountParts & { links: LinkStore }, confirm: Confirm) {
  const { store, links, settings, mail, siteUrl, clock, newId, log } = parts
  const canSend = () => mail.canSend && siteUrl() !== ''

  return {
    canSend,

    async pending(accountId: string): Promise<string | null> {
      return (await links.pendingEmail(accountId, clock.now()))?.email ?? null
    },

    async change(
      account: AccountRow,
      wanted: { email: string | null; password: string; viewer: Person; signal: AbortSignal },
    ): Promise<void> {
      await confirm(account, wanted)
      if (wanted.email === null) {
        await store.commit([store.changeStatement(account.id, { email: null }), links.dropStatement(account.id, 'email')])
        return
      }
      if (!canSend()) throw new Problem('unavailable', 'mail.none')
      const email = parseAddress(wanted.email)
      const id = newId()
      const { tokenHash } = newLinkToken()
      const link = {
        id,
        accountId: account.id,
        purpose: 'email' as const,
        tokenHash,
        email,
        expiresMs: clock.now() + confirmHours * 3_600_000,
      }
      await store.commit([...links.addStatements(link), store.owe('accounts.confirm_email', { linkId: id })])
    },

    /** The task: writes the letter. Done twice, the last letter's link is the one that works. */
    async sendConfirmation(linkId: string): Promise<void> {
      const link = await links.findById(linkId)
      const account = link && (await store.findById(link.account_id))
      if (!link?.email || !account || account.state === 'closed' || link.expires_ms <= clock.now()) return
      const { token, tokenHash } = newLinkToken()
      await links.giveToken(link.id, tokenHash)
      const to = { email: link.email, username: account.name, language: account.language }
      await mail.send(
        writeLetter('email', to, { siteName: settings().siteName, link: `${siteUrl()}/confirm-email#${token}`, hours: confirmHours }),
      )
    },

    async confirm(token: string): Promise<void> {
      const tokenHash = linkTokenHash(token)
      const link = await links.find(tokenHash, 'email', clock.now())
      if (!link?.email || link.state === 'closed') throw linkInvalid()
      if (!(await links.use(link.id, tokenHash, [store.changeStatement(link.account_id, { email: link.email })]))) throw linkInvalid()
    },

    /** The task behind "forgotten": whoever asked was told the same, whether there is anybody or not. */
    async sendReset(who: string): Promise<void> {
      if (!canSend()) return
      const found = await findForReset(who)
      for (const account of found) {
        const { token, tokenHash } = newLinkToken()
        await links.add({
          id: newId(),
          accountId: account.id,
          purpose: 'reset',
          tokenHash,
          email: null,
          expiresMs: clock.now() + resetHours * 3_600_000,
        })
        const link = `${siteUrl()}/reset-password#${token}`
        await mail.send(
          writeLetter(
            'reset',
            { email: account.email, username: account.name, language: account.language },
            { siteName: settings().siteName, link, hours: resetHours },
          ),
        )
      }
      log.info('accounts.reset_asked', { letters: found.length })
    },
  }

  async function findForReset(who: string) {
    const email = who.includes('@') ? parsedOrNone(who) : undefined
    const rows =
      email === undefined ? [await store.findByName(usernameKey(who), clock.now(), { decide: true })] : await links.accountsOf(email)
    return rows.flatMap((row) =>
      row && row.state !== 'closed' && row.email ? [{ id: row.id, name: row.name, email: row.email, language: row.language }] : [],
    )
  }
}

/** One plain address: no names, no lists, no lines, no signs that a mail program could read as more. */
function parseAddress(raw: string): string {
  const email = raw.trim()
  const at = email.lastIndexOf('@')
  const isPlain = /^[^\s\p{Cc}"(),:;<>@[\\\]]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u.test(email) && !email.includes('..')
  if (!isPlain || at > 64 || email.length > 254) throw wrongField('email', 'email.invalid')
  // Domains know no capitals. What stands before the sign is the receiving house's own matter.
  return email.slice(0, at) + email.slice(at).toLowerCase()
}

function parsedOrNone(raw: string): string | undefined {
  try {
    return parseAddress(raw)
  } catch {
    return undefined
  }
}
