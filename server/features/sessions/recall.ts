import type { Person } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import { type SessionSettings, type Shown, toPerson } from './authenticate.ts'
import type { Held } from './held.ts'
import { isActive } from './read.ts'
import type { SessionRow, SessionStore } from './store.ts'
import type { Uses } from './uses.ts'

/**
 * The person behind a session that was shown before: for a ticket, and for a socket that stands open while things change. Always from the rows; a use
 * like any other. Undefined: the session is over.
 */
export type Recall = (sessionId: string, from: Omit<Shown, 'token'>) => Promise<Person | undefined>

export function createRecall(parts: {
  store: Pick<SessionStore, 'find'>
  uses: Uses
  clock: Clock
  settings: () => SessionSettings
  toHeld(row: SessionRow, hash: string): Held
}): Recall {
  const { store, uses, clock, settings } = parts
  return async (sessionId, from) => {
    const row = await store.find(sessionId)
    const nowMs = clock.now()
    if (!row || !isActive(row, nowMs) || nowMs >= row.expires_ms) return undefined
    const session = parts.toHeld(row, row.token_hash)
    const { sessionLifeMs, requireSecondFactor } = settings()
    uses.note(session, { nowMs, address: from.stranger.address, lifeMs: sessionLifeMs })
    return toPerson(session, from, requireSecondFactor)
  }
}
