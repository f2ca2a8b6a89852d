import { hash, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { renderSVG } from 'uqr'
import { Problem } from '#server/lib/problem.ts'
import type { BeginSecondFactorAnswer, RecoveryCodesAnswer, SecondFactorAnswer } from '#shared/api/accounts.ts'
import type { AccountParts } from './parts.ts'
import type { AccountRow } from './store.ts'
import { toMoment } from './view.ts'

export type SecondFactor = ReturnType<typeof createSecondFactor>

const periodS = 30
const codeCount = 10
const atOnce = 100
const letters = '0123456789abcdefghjkmnpqrstvwxyz'

/** Codes of an authenticator app (RFC 6238), each taken once, and recovery codes for when the app is lost. */
export function createSecondFactor({ factors, sessions, sealed, settings, store, clock }: AccountParts) {
  const stepNow = () => Math.floor(clock.now() / 1000 / periodS)

  /** The step that a code is of: this one, the one before or the one after, for clocks that differ. */
  const stepOf = (secret: string, code: string): number | undefined => {
    const totp = new TOTP({ secret: Secret.fromBase32(secret), period: periodS })
    const delta = totp.validate({ token: code, timestamp: clock.now(), window: 1 })
    return delta === null ? undefined : stepNow() + delta
  }

  return {
    /** True when the code is right and nobody has used it. A recovery code is gone then. */
    async take(accountId: string, code: string): Promise<boolean> {
      const plain = code.replaceAll(/[\s-]/g, '').toLowerCase()
      if (!/^\d{6}$/.test(plain)) return plain.length === 16 && factors.takeCode(accountId, codeHash(plain))
      const row = await factors.find(accountId)
      if (!row || row.since_ms === null) return false
      const secret = sealed.open(row.secret, place(accountId))
      const step = stepOf(secret, plain)
      const again = sealed.isOld(row.secret) ? { from: row.secret, to: sealed.seal(secret, place(accountId)) } : undefined
      return step !== undefined && factors.takeStep(accountId, step, again)
    },

    /** Those that an old key sealed: how many there are, each one sealed anew where that is wanted. */
    async resealOld({ isTrial }: { isTrial: boolean }): Promise<number> {
      let count = 0
      let after: string | undefined = ''
      while (after !== undefined) {
        const rows: { account_id: string; secret: string }[] = await factors.listSecrets(after, atOnce)
        for (const { account_id: accountId, secret } of rows) {
          if (!sealed.isOld(secret)) continue
          count++
          if (!isTrial) await factors.replaceSecret(accountId, { from: secret, to: sealed.reseal(secret, place(accountId)) })
        }
        after = rows.length < atOnce ? undefined : rows.at(-1)?.account_id
      }
      return count
    },

    async describe(account: AccountRow): Promise<SecondFactorAnswer> {
      const since = account.second_factor_ms
      return {
        isOn: since !== null,
        recoveryCodesLeft: since === null ? 0 : await factors.countCodes(account.id),
        since: since === null ? null : toMoment(since),
      }
    },

    async begin(account: AccountRow): Promise<BeginSecondFactorAnswer> {
      if (account.second_factor_ms !== null) throw new Problem('conflict', 'second_factor.is_on')
      const secret = new Secret({ size: 20 })
      await factors.begin(account.id, sealed.seal(secret.base32, place(account.id)))
      const address = new TOTP({ issuer: settings().siteName, label: account.name, secret, period: periodS }).toString()
      return { secret: secret.base32, address, qrSvg: renderSVG(address, { border: 2 }) }
    },

    async confirm(account: AccountRow, code: string): Promise<RecoveryCodesAnswer> {
      if (account.second_factor_ms !== null) throw new Problem('conflict', 'second_factor.is_on')
      const row = await factors.find(account.id)
      if (!row) throw new Problem('conflict', 'second_factor.not_begun')
      const step = stepOf(sealed.open(row.secret, place(account.id)), code.replaceAll(/\s/g, ''))
      if (step === undefined) throw new Problem('invalid', 'http.wrong_fields', { fields: [{ path: 'code', code: 'session.code_wrong' }] })
      const recoveryCodes = newCodes()
      // Whoever is here without it is asked to show it from now on: every process reads these sessions again.
      const doubt = { accountId: account.id, sessionId: null, keptId: null, ended: false }
      const isFirst = await factors.confirm(account.id, {
        nowMs: clock.now(),
        step,
        hashes: recoveryCodes.map(codeHash),
        statements: sessions.doubtStatements(doubt),
      })
      if (!isFirst) throw new Problem('conflict', 'second_factor.is_on')
      await sessions.tell(doubt)
      return { recoveryCodes }
    },

    async renewCodes(account: AccountRow): Promise<RecoveryCodesAnswer> {
      if (account.second_factor_ms === null) throw new Problem('conflict', 'second_factor.is_off')
      const recoveryCodes = newCodes()
      await factors.replaceCodes(account.id, recoveryCodes.map(codeHash))
      return { recoveryCodes }
    },

    async end(accountId: string, more: readonly ReturnType<AccountParts['store']['owe']>[] = []): Promise<void> {
      const doubt = { accountId, sessionId: null, keptId: null, ended: false }
      await store.commit([...sessions.doubtStatements(doubt), ...factors.endStatements(accountId), ...more])
      await sessions.tell(doubt)
    },
  }
}

const place = (accountId: string) => `second factor of ${accountId}`

const codeHash = (code: string) => hash('sha256', code.replaceAll('-', ''), 'base64url')

/** 80 bits each: what is stored of them cannot be guessed back. */
function newCodes(): string[] {
  return Array.from({ length: codeCount }, () => {
    const code = [...randomBytes(16)].map((byte) => letters.charAt(byte & 31)).join('')
    return code.replace(/(.{4})(?!$)/g, '$1-')
  })
}
