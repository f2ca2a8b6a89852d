import { may } from '#server/lib/may.ts'
import { foldText } from '#server/lib/plain-text.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Role } from '#server/lib/viewer.ts'
import type { AdminPeopleAnswer, AdminPeopleQuery, AdminPerson } from '#shared/api/admin.ts'
import { roles } from '#shared/api/accounts.ts'
import { type Actor, allow } from './actor.ts'
import type { Audit, Deed } from './audit.ts'
import type { AdminParts } from './parts.ts'
import type { PersonRow } from './store.ts'
import { momentOf, momentOrNull } from './view.ts'

/** What admins see of people, and do about them. Each deed is one commit with its entry in the log. */
export function createPeople(parts: AdminParts, audit: Audit) {
  const { store, accounts, sessions, clock } = parts

  const get = async (id: string): Promise<PersonRow> => {
    const row = await store.findPerson(id)
    if (!row) throw new Problem('not_found', 'user.not_found')
    return row
  }

  /** Who may decide about this person; the row is the one that was judged. */
  const managed = async (actor: Actor, id: string): Promise<PersonRow> => {
    allow(actor, 'people.list')
    const row = await get(id)
    allow(actor, 'person.manage', { accountId: row.id, role: row.role })
    return row
  }

  const deedOn = (action: string, row: PersonRow, details: Deed['details'] = {}): Deed => ({
    action,
    subject: { kind: 'person', id: row.id, name: row.name },
    details,
  })

  /** Every process reads the sessions of this person again, or forgets them. */
  const doubtOf = (accountId: string, ended: boolean) => ({ accountId, sessionId: null, keptId: null, ended })

  const view = (actor: Actor, row: PersonRow): AdminPerson => ({
    ...parts.toCard(row),
    role: row.role,
    state: row.state === 'closed' ? 'suspended' : row.state,
    email: row.email,
    hasSecondFactor: row.second_factor_ms !== null,
    createdAt: momentOf(row.created_ms),
    lastSeenAt: momentOrNull(row.seen_ms),
    note: row.note,
    suspension: row.state === 'suspended' ? { reason: row.suspended_reason, until: momentOrNull(row.suspended_until_ms) } : null,
    invitedBy: invitedBy(row),
    sessions: Number(row.sessions ?? 0),
    may: rightsOver(actor, row),
  })

  const invitedBy = (row: PersonRow) => {
    if (row.by_id === null || row.by_state === 'closed') return null
    return parts.toCard({ id: row.by_id, name: row.by_name ?? '', display_name: row.by_display_name ?? '', avatar: row.by_avatar })
  }

  return {
    async list(actor: Actor, { q = '', role, state, cursor, limit = 30 }: AdminPeopleQuery): Promise<AdminPeopleAnswer> {
      allow(actor, 'people.list')
      const filter = { role, state }
      if (q.trim() !== '') {
        const found = await store.searchPeople({ nameKey: parts.usernameKey(q), displayKey: foldText(q.trim()), limit: 100, ...filter })
        return { items: found.map((row) => view(actor, row)), nextCursor: null }
      }
      const rows = await store.listPeople({ before: cursor, limit: limit + 1, ...filter })
      return {
        items: rows.slice(0, limit).map((row) => view(actor, row)),
        nextCursor: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null,
      }
    },

    async get(actor: Actor, id: string): Promise<AdminPerson> {
      allow(actor, 'people.list')
      return view(actor, await get(id))
    },

    async changeRole(actor: Actor, id: string, to: Role): Promise<void> {
      allow(actor, 'people.list')
      const row = await get(id)
      allow(actor, 'person.role', { accountId: row.id, role: row.role, to })
      if (row.role === to) return
      // A house is handed over, never left alone: whoever becomes the owner makes an admin of the former one.
      if (row.role === 'owner') throw new Problem('conflict', 'admin.owner_stays')
      const former = to === 'owner' ? (await store.idsOfOwners()).map((owner) => owner.id) : []
      const isDone = await store.changed([
        ...[row.id, ...former].flatMap((accountId) => sessions.doubtStatements(doubtOf(accountId, false))),
        store.roleStatement(row.id, { from: row.role, to }),
        ...(to === 'owner' ? store.ownerStatements(row.id, clock.now()) : []),
        audit.entry(actor, deedOn('person.role', row, { from: row.role, to })),
      ])
      if (!isDone) throw new Problem('conflict', 'admin.changed_meanwhile')
      for (const accountId of [row.id, ...former]) await sessions.tell(doubtOf(accountId, false))
    },

    async suspend(actor: Actor, id: string, { reason, until }: { reason: string; until?: string }): Promise<void> {
      const row = await managed(actor, id)
      const untilMs = until === undefined ? null : Date.parse(until)
      if (untilMs !== null && !(untilMs > clock.now()))
        throw new Problem('invalid', 'http.wrong_fields', { fields: [{ path: 'until', code: 'admin.until_past' }] })
      const doubt = doubtOf(row.id, true)
      const isDone = await store.changed([
        ...sessions.doubtStatements(doubt),
        store.stateStatement(row.id, { from: ['active', 'suspended'], to: 'suspended', reason, untilMs }),
        audit.entry(actor, deedOn('person.suspend', row, { reason, until: until ?? null })),
      ])
      if (!isDone) throw new Problem('conflict', 'admin.changed_meanwhile')
      await sessions.tell(doubt)
    },

    async unsuspend(actor: Actor, id: string): Promise<void> {
      const row = await managed(actor, id)
      const isDone = await store.changed([
        store.stateStatement(row.id, { from: ['suspended'], to: 'active' }),
        audit.entry(actor, deedOn('person.unsuspend', row)),
      ])
      if (!isDone) throw new Problem('conflict', 'admin.not_suspended')
    },

    async approve(actor: Actor, id: string): Promise<void> {
      const row = await managed(actor, id)
      const isDone = await store.changed([
        store.stateStatement(row.id, { from: ['waiting'], to: 'active' }),
        audit.entry(actor, deedOn('person.approve', row)),
      ])
      if (!isDone) throw new Problem('conflict', 'admin.not_waiting')
    },

    /** Somebody who waits is not taken in: the account goes. */
    async decline(actor: Actor, id: string): Promise<void> {
      const row = await managed(actor, id)
      if (row.state !== 'waiting') throw new Problem('conflict', 'admin.not_waiting')
      await accounts.closing.closeNow({ id: row.id }, [audit.entry(actor, deedOn('person.decline', row))])
    },

    async makeResetLink(actor: Actor, id: string): Promise<{ path: string; expiresMs: number }> {
      const row = await managed(actor, id)
      return accounts.passwordChanges.makeResetLink(row.id, [audit.entry(actor, deedOn('person.reset_link', row))])
    },

    async endSessions(actor: Actor, id: string): Promise<void> {
      const row = await managed(actor, id)
      const doubt = doubtOf(row.id, true)
      await store.changed([...sessions.doubtStatements(doubt), audit.entry(actor, deedOn('person.end_sessions', row))])
      await sessions.tell(doubt)
    },

    async endSecondFactor(actor: Actor, id: string): Promise<void> {
      const row = await managed(actor, id)
      if (row.second_factor_ms === null) throw new Problem('conflict', 'second_factor.is_off')
      await accounts.endSecondFactorOf(row.id, [audit.entry(actor, deedOn('person.end_second_factor', row))])
    },
  }
}
export type People = ReturnType<typeof createPeople>

/** What the one who asks may do with this person, so that pages offer nothing else. */
function rightsOver(actor: Actor, row: PersonRow): string[] {
  const thing = { accountId: row.id, role: row.role }
  const asks = (action: 'person.manage' | 'account.close') => actor.kind === 'console' || may(actor, action, thing)
  const given = roles.filter((to) => to !== row.role && (actor.kind === 'console' || may(actor, 'person.role', { ...thing, to })))
  return [...(asks('person.manage') ? ['manage'] : []), ...(asks('account.close') ? ['close'] : []), ...given.map((role) => `role:${role}`)]
}
