import type { Role } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import { type Language, languages } from '#shared/language.ts'
import type { Doubt, Held } from './held.ts'
import type { SessionRow, SessionStore } from './store.ts'

const graceMs = 60_000

/** Reads a session that was shown and is not held, and says whether the shown token holds for it. */
export function createReader(parts: {
  store: SessionStore
  clock: Clock
  tell(doubt: Doubt): Promise<void>
  onStolen(session: { accountId: string; sessionId: string }): Promise<void>
}) {
  const { store, clock } = parts

  const promote = async (row: SessionRow, shown: string): Promise<void> => {
    const doubt = { accountId: row.account_id, sessionId: row.id, keptId: null, ended: false }
    const nowMs = clock.now()
    await store.commit([
      ...store.doubtStatements(doubt, nowMs),
      store.promoteStatement(row.id, { shown, before: row.token_hash, pastUntilMs: nowMs + graceMs }),
    ])
    await parts.tell(doubt)
  }

  return {
    toHeld,

    async load(sessionId: string, shown: string): Promise<Held | undefined> {
      const row = await store.find(sessionId)
      const nowMs = clock.now()
      if (!row || !isActive(row, nowMs) || nowMs >= row.expires_ms) return undefined
      if (shown === row.token_hash) return toHeld(row, shown)
      if (shown === row.next_hash) {
        // [S6] Shown for the first time.
        await promote(row, shown)
        return toHeld(row, shown)
      }
      if (shown === row.past_hash && nowMs < (row.past_until_ms ?? 0))
        return { ...toHeld(row, shown), replacedMs: row.past_until_ms ?? nowMs }
      // [S7] Once ours, and replaced: two hold it who should be one.
      await parts.onStolen({ accountId: row.account_id, sessionId: row.id })
      return undefined
    },
  }
}

export function isActive({ state, suspended_until_ms }: SessionRow, nowMs: number): boolean {
  return state === 'active' || (state === 'suspended' && suspended_until_ms !== null && suspended_until_ms <= nowMs)
}

function toHeld(row: SessionRow, hash: string): Held {
  return {
    hash,
    sessionId: row.id,
    accountId: row.account_id,
    username: row.name,
    role: row.role as Role,
    language: languages.find((language) => language === row.language) ?? (null as Language | null),
    timeZone: row.time_zone,
    hasSecondFactor: row.second_factor_ms !== null,
    replacedMs: undefined,
    endsMs: row.ends_ms,
    rotatedMs: row.rotated_ms,
    expiresMs: row.expires_ms,
    usedMs: row.used_ms,
    address: row.address,
  }
}
