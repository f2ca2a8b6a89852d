import { randomBytes } from 'node:crypto'
import { toLine } from '#server/lib/plain-text.ts'
import { Problem } from '#server/lib/problem.ts'
import type { InvitationsAnswer, InvitationView, NewInvitationBody } from '#shared/api/admin.ts'
import { type Actor, actorId, allow } from './actor.ts'
import type { Audit } from './audit.ts'
import type { AdminParts } from './parts.ts'
import type { InvitationRow } from './store.ts'
import { momentOf, momentOrNull } from './view.ts'

type ListedRow = Awaited<ReturnType<AdminParts['store']['listInvitations']>>[number]

const letters = '0123456789abcdefghjkmnpqrstvwxyz'

export function createInvitations({ store, clock, newId, toCard }: AdminParts, audit: Audit) {
  const view = (row: InvitationRow, createdBy: InvitationView['createdBy']): InvitationView => ({
    id: row.id,
    code: row.code,
    path: `/register?invitation=${row.code}`,
    note: row.note,
    uses: row.uses,
    maxUses: row.max_uses,
    expiresAt: momentOrNull(row.expires_ms),
    createdAt: momentOf(row.created_ms),
    createdBy,
    state: stateOf(row, clock.now()),
  })

  const creator = (row: ListedRow) =>
    row.by_id === null || row.by_state === 'closed'
      ? null
      : toCard({ id: row.by_id, name: row.by_name ?? '', display_name: row.by_display_name ?? '', avatar: row.by_avatar })

  return {
    async list(actor: Actor, { cursor, limit = 30 }: { cursor?: string; limit?: number }): Promise<InvitationsAnswer> {
      allow(actor, 'invitations.manage')
      const rows = await store.listInvitations({ before: cursor, limit: limit + 1 })
      return {
        items: rows.slice(0, limit).map((row) => view(row, creator(row))),
        nextCursor: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null,
      }
    },

    async make(actor: Actor, { note = '', maxUses = 1, expiresAt = null }: NewInvitationBody): Promise<InvitationView> {
      allow(actor, 'invitations.manage')
      const nowMs = clock.now()
      const expiresMs = expiresAt === null ? null : Date.parse(expiresAt)
      if (expiresMs !== null && !(expiresMs > nowMs))
        throw new Problem('invalid', 'http.wrong_fields', { fields: [{ path: 'expiresAt', code: 'admin.until_past' }] })
      const row = {
        id: newId(),
        code: newCode(),
        note: toLine(note),
        uses: 0,
        max_uses: maxUses,
        expires_ms: expiresMs,
        withdrawn_ms: null,
        created_by: actorId(actor),
        created_ms: nowMs,
      }
      const entry = audit.entry(actor, {
        action: 'invitation.make',
        subject: { kind: 'invitation', id: row.id, name: row.note },
        details: { maxUses, expiresAt },
      })
      if (!(await store.addInvitation(row, [entry]))) throw new Error('two invitations got the same code')
      return view(row, null)
    },

    async withdraw(actor: Actor, id: string): Promise<void> {
      allow(actor, 'invitations.manage')
      const row = await store.findInvitation(id)
      if (!row) throw new Problem('not_found', 'admin.no_invitation')
      const entry = audit.entry(actor, { action: 'invitation.withdraw', subject: { kind: 'invitation', id, name: row.note } })
      await store.changed([store.withdrawStatement(id, clock.now()), entry])
    },
  }
}

function stateOf({ withdrawn_ms, expires_ms, max_uses, uses }: InvitationRow, nowMs: number): InvitationView['state'] {
  if (withdrawn_ms !== null) return 'withdrawn'
  if (max_uses !== null && uses >= max_uses) return 'used'
  return expires_ms !== null && expires_ms <= nowMs ? 'expired' : 'open'
}

/** 60 bits: nobody guesses one while the door counts the tries. */
function newCode(): string {
  return [...randomBytes(12)].map((byte) => letters.charAt(byte & 31)).join('')
}
