import { newId } from '#server/lib/id.ts'
import type { Json } from '#server/lib/json.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { AuditEntry } from '#shared/api/admin.ts'
import type { Page } from '#shared/api/common.ts'
import { type Actor, actorId, allow } from './actor.ts'
import type { AdminStore, AuditRow } from './store.ts'
import { momentOf } from './view.ts'

export type Deed = { action: string; subject?: { kind: string; id: string; name: string }; details?: { [name: string]: Json } }

/** What admins did, written in the same commit as the deed: there is no deed without its entry, and no entry without its deed. */
export function createAudit({ store, clock }: { store: AdminStore; clock: Clock }) {
  return {
    entry(actor: Actor, { action, subject, details = {} }: Deed) {
      const nowMs = clock.now()
      return store.auditStatement({
        id: newId(nowMs),
        made_ms: nowMs,
        actor_id: actorId(actor),
        actor_name: actor.kind === 'person' ? actor.username : '',
        action,
        subject_kind: subject?.kind ?? '',
        subject_id: subject?.id ?? '',
        subject_name: (subject?.name ?? '').slice(0, 120),
        details: JSON.stringify(details),
        address: actor.kind === 'console' ? '' : actor.address,
      })
    },

    async list(
      actor: Actor,
      { cursor, limit = 30, action, subject }: { cursor?: string; limit?: number; action?: string; subject?: string },
    ): Promise<Page<AuditEntry>> {
      allow(actor, 'audit.see')
      const rows = await store.listAudit({ before: cursor, limit: limit + 1, action, subject })
      return { items: rows.slice(0, limit).map(toEntry), nextCursor: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null }
    },
  }
}
export type Audit = ReturnType<typeof createAudit>

function toEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: momentOf(row.made_ms),
    action: row.action,
    actor: row.actor_id === null ? null : { id: row.actor_id, username: row.actor_name },
    subject: row.subject_kind === '' ? null : { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
    details: JSON.parse(row.details) as AuditEntry['details'],
    address: row.address,
  }
}
