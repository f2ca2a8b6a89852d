import type { Person } from '#server/lib/viewer.ts'
import { passwordNeeded, passwordWrong } from './errors.ts'
import type { AccountParts } from './parts.ts'
import type { AccountRow } from './store.ts'

/** Asks for the password again before what cannot be taken back. Tries count as failed log-ins: a stolen session is no place to guess in peace. */
export function createConfirm({ failures, passwords }: Pick<AccountParts, 'failures' | 'passwords'>) {
  return async (account: AccountRow, given: { password: string | undefined; viewer: Person; signal: AbortSignal }): Promise<void> => {
    const { password, viewer, signal } = given
    if (password === undefined) throw passwordNeeded()
    const who = { account: account.id, address: viewer.address }
    const isRight = await failures.attempt(who, async () => (await passwords.check(password, account.password, signal)).isRight)
    if (!isRight) throw passwordWrong()
  }
}
export type Confirm = ReturnType<typeof createConfirm>
