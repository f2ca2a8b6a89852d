import type { SessionView } from '#shared/api/sessions.ts'
import type { SessionRow } from './store.ts'

export function toSessionView(row: SessionRow, shownId: string): SessionView {
  return {
    id: row.id,
    isThisOne: row.id === shownId,
    browser: row.browser,
    system: row.system,
    address: row.address,
    createdAt: toMoment(row.created_ms),
    lastUsedAt: toMoment(row.used_ms),
    expiresAt: toMoment(row.expires_ms),
  }
}

const toMoment = (ms: number) => new Date(ms).toISOString()
