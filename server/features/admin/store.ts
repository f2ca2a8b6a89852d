import { commitIfExpected } from '#server/database/commit-if-expected.ts'
import type { Database, Statement } from '#server/database/database.ts'
import { Duplicate } from '#server/database/errors.ts'
import type { Tables } from '#server/database/tables.ts'
import type { Role } from '#server/lib/viewer.ts'

export type AdminTables = 'account' | 'session' | 'second_factor' | 'invitation' | 'audit_entry' | 'setting'
export type AdminStore = ReturnType<typeof createAdminStore>
export type AuditRow = Tables['audit_entry']
export type PersonRow = Awaited<ReturnType<AdminStore['listPeople']>>[number]
export type InvitationRow = Tables['invitation']

export type PeopleFilter = {
  before: string | undefined
  limit: number
  role: Role | undefined
  state: 'active' | 'waiting' | 'suspended' | undefined
}

/** Beyond every letter: the end of what begins alike, in an order of code points. */
const end = '\u{10FFFF}'

export function createAdminStore(db: Database<AdminTables>) {
  const people = () =>
    db.primary
      .selectFrom('account as a')
      .leftJoin('second_factor as f', 'f.account_id', 'a.id')
      .leftJoin('invitation as i', 'i.id', 'a.invitation_id')
      .leftJoin('account as b', 'b.id', 'i.created_by')
      .select(['a.id', 'a.name', 'a.display_name', 'a.avatar', 'a.role', 'a.state', 'a.email', 'a.note', 'a.created_ms', 'a.seen_ms'])
      .select(['a.suspended_reason', 'a.suspended_until_ms', 'f.since_ms as second_factor_ms'])
      .select(['b.id as by_id', 'b.name as by_name', 'b.display_name as by_display_name', 'b.avatar as by_avatar', 'b.state as by_state'])
      .select((eb) =>
        eb
          .selectFrom('session as s')
          .whereRef('s.account_id', '=', 'a.id')
          .select((inner) => inner.fn.countAll<number>().as('count'))
          .as('sessions'),
      )
      .where('a.state', '<>', 'closed')

  const changed = (statements: readonly Statement[]) => commitIfExpected(db, statements)

  return {
    changed,

    listPeople: ({ before, limit, role, state }: PeopleFilter) => {
      let query = people().orderBy('a.id', 'desc').limit(limit)
      if (before !== undefined) query = query.where('a.id', '<', before)
      if (role !== undefined) query = query.where('a.role', '=', role)
      if (state !== undefined) query = query.where('a.state', '=', state)
      return query.execute()
    },

    /** Whose name or shown name begins so, each by its index. */
    async searchPeople({
      nameKey,
      displayKey,
      limit,
      role,
      state,
    }: { nameKey: string; displayKey: string } & Omit<PeopleFilter, 'before'>) {
      const matching = () => {
        let query = people().limit(limit)
        if (role !== undefined) query = query.where('a.role', '=', role)
        if (state !== undefined) query = query.where('a.state', '=', state)
        return query
      }
      const byName = await matching()
        .where('a.name_key', '>=', nameKey)
        .where('a.name_key', '<', nameKey + end)
        .orderBy('a.name_key')
        .execute()
      const byShown = await matching()
        .where('a.display_key', '>=', displayKey)
        .where('a.display_key', '<', displayKey + end)
        .orderBy('a.display_key')
        .execute()
      const known = new Set(byName.map(({ id }) => id))
      return [...byName, ...byShown.filter(({ id }) => !known.has(id))].slice(0, limit)
    },

    findPerson: (id: string) => people().where('a.id', '=', id).executeTakeFirst(),

    /** Only if the role is still the one that was looked at. */
    roleStatement: (id: string, { from, to }: { from: Role; to: Role }) => ({
      query: db.build.updateTable('account').set({ role: to }).where('id', '=', id).where('role', '=', from).where('state', '<>', 'closed'),
      rows: 1,
    }),

    ownerStatements: (id: string, nowMs: number): Statement[] => [
      db.build.deleteFrom('setting').where('name', '=', 'house.owner'),
      db.build.insertInto('setting').values({ name: 'house.owner', value: JSON.stringify(id), changed_ms: nowMs, changed_by: id }),
      // There is one owner: whoever was it is an admin now.
      db.build.updateTable('account').set({ role: 'admin' }).where('role', '=', 'owner').where('id', '<>', id),
    ],

    idsOfOwners: () => db.primary.selectFrom('account').select('id').where('role', '=', 'owner').execute(),

    stateStatement: (
      id: string,
      {
        from,
        to,
        reason = '',
        untilMs = null,
      }: { from: readonly ('active' | 'waiting' | 'suspended')[]; to: 'active' | 'suspended'; reason?: string; untilMs?: number | null },
    ) => ({
      query: db.build
        .updateTable('account')
        .set({ state: to, suspended_reason: reason, suspended_until_ms: untilMs })
        .where('id', '=', id)
        .where('state', 'in', [...from]),
      rows: 1,
    }),

    auditStatement: (row: AuditRow): Statement => db.build.insertInto('audit_entry').values(row),

    listAudit({
      before,
      limit,
      action,
      subject,
    }: {
      before: string | undefined
      limit: number
      action: string | undefined
      subject: string | undefined
    }): Promise<AuditRow[]> {
      let query = db.primary.selectFrom('audit_entry').selectAll().orderBy('id', 'desc').limit(limit)
      if (before !== undefined) query = query.where('id', '<', before)
      if (action !== undefined) query = query.where('action', '=', action)
      if (subject !== undefined) query = query.where('subject_id', '=', subject)
      return query.execute()
    },

    listInvitations: ({ before, limit }: { before: string | undefined; limit: number }) => {
      let query = db.primary
        .selectFrom('invitation as i')
        .leftJoin('account as b', 'b.id', 'i.created_by')
        .selectAll('i')
        .select(['b.id as by_id', 'b.name as by_name', 'b.display_name as by_display_name', 'b.avatar as by_avatar', 'b.state as by_state'])
        .orderBy('i.id', 'desc')
        .limit(limit)
      if (before !== undefined) query = query.where('i.id', '<', before)
      return query.execute()
    },

    findInvitation: (id: string) => db.primary.selectFrom('invitation').selectAll().where('id', '=', id).executeTakeFirst(),

    /** False when the code stands already: another one has to be thrown. */
    async addInvitation(row: InvitationRow, statements: readonly Statement[]): Promise<boolean> {
      try {
        await db.commit([db.build.insertInto('invitation').values(row), ...statements])
        return true
      } catch (error) {
        if (error instanceof Duplicate) return false
        throw error
      }
    },

    withdrawStatement: (id: string, nowMs: number) => ({
      query: db.build.updateTable('invitation').set({ withdrawn_ms: nowMs }).where('id', '=', id).where('withdrawn_ms', 'is', null),
      rows: 1,
    }),

    async countPeople({ weekMs, dayMs }: { weekMs: number; dayMs: number }) {
      const states = await db.primary
        .selectFrom('account')
        .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
        .where('state', '<>', 'closed')
        .groupBy('state')
        .execute()
      const since = async (column: 'created_ms' | 'seen_ms', ms: number) => {
        const row = await db.primary
          .selectFrom('account')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .where(column, '>=', ms)
          .where('state', '<>', 'closed')
          .executeTakeFirstOrThrow()
        return Number(row.count)
      }
      const of = (state: string) => Number(states.find((row) => row.state === state)?.count ?? 0)
      const [active, waiting, suspended] = [of('active'), of('waiting'), of('suspended')]
      return {
        total: active + waiting + suspended,
        waiting,
        suspended,
        joinedThisWeek: await since('created_ms', weekMs),
        seenToday: await since('seen_ms', dayMs),
      }
    },

    async countSessions(nowMs: number): Promise<number> {
      const row = await db.primary
        .selectFrom('session')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('expires_ms', '>', nowMs)
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },

    async countOpenInvitations(nowMs: number): Promise<number> {
      const row = await db.primary
        .selectFrom('invitation')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('withdrawn_ms', 'is', null)
        .where((eb) => eb.or([eb('expires_ms', 'is', null), eb('expires_ms', '>', nowMs)]))
        .where((eb) => eb.or([eb('max_uses', 'is', null), eb('uses', '<', eb.ref('max_uses'))]))
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },
  }
}
