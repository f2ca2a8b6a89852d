import { demand } from '#server/lib/may.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { ClosingAnswer } from '#shared/api/accounts.ts'
import type { Confirm } from './confirm.ts'
import { noSuchUser } from './errors.ts'
import type { AccountParts } from './parts.ts'
import { nameHeldMs } from './profile.ts'
import type { AccountRow } from './store.ts'
import { usernameKey } from './username.ts'
import { toMoment } from './view.ts'

/** What a feature keeps for people: it is counted before an account is closed, and removed by its task after. */
export type Belongings = {
  /** As pages know it: `videos`, `comments`. Without it nobody is told: it is nothing that people know of. */
  kind?: string
  count?(accountId: string): Promise<number>
  /** The kind of task that removes them, with the payload `{ accountId }`. It may run twice. */
  task?: string
}

/** Of whoever has something to say in the same commit. */
type Statement = ReturnType<AccountParts['store']['owe']>

export function createClosing(parts: AccountParts, confirm: Confirm) {
  const { store, sessions, clock } = parts
  const belongings: Belongings[] = []

  const close = async (account: Pick<AccountRow, 'id'>, more: readonly Statement[] = []): Promise<void> => {
    const nowMs = clock.now()
    const doubt = { accountId: account.id, sessionId: null, keptId: null, ended: true }
    const tasks = belongings.flatMap(({ task }) => task ?? [])
    const owed = [...new Set([...tasks, 'accounts.closed'])].map((kind) => ({ kind, payload: { accountId: account.id } }))
    const statements = [...sessions.doubtStatements(doubt), ...more]
    if (!(await store.close({ id: account.id, nowMs, freeMs: nowMs + nameHeldMs, statements, owed }))) throw noSuchUser()
    await sessions.tell(doubt)
  }

  return {
    /** Downstream features say what they keep; whoever closes an account need not know them. */
    keeps: (what: Belongings) => void belongings.push(what),

    async preview(account: AccountRow): Promise<ClosingAnswer> {
      const counted = await Promise.all(belongings.map(async ({ kind = '', count }) => ({ kind, count: (await count?.(account.id)) ?? 0 })))
      return { goes: counted.filter(({ count }) => count > 0), nameFreeAt: toMoment(clock.now() + nameHeldMs) }
    },

    /** A bearer token suffices; by cookie the password is asked again: a browser may have been left open. */
    async close(viewer: Viewer, username: string, given: { password: string | undefined; signal: AbortSignal }): Promise<void> {
      if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
      const account = await store.findByName(usernameKey(username), clock.now(), { decide: true })
      if (!account) throw noSuchUser()
      demand(viewer, 'account.close', { accountId: account.id, role: account.role })
      if (viewer.via === 'cookie' || given.password !== undefined) {
        const self = account.id === viewer.accountId ? account : await store.findById(viewer.accountId)
        if (!self) throw noSuchUser()
        await confirm(self, { ...given, viewer })
      }
      await close(account)
    },

    closeNow: close,
  }
}
