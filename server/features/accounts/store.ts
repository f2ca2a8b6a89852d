import { commitIfExpected } from '#server/database/commit-if-expected.ts'
import { fromJson } from '#server/database/json-text.ts'
import type { Database, Statement } from '#server/database/database.ts'
import type { Tables } from '#server/database/tables.ts'
import { Duplicate, Unexpected } from '#server/database/errors.ts'
import { owe } from '#server/database/outbox.ts'
import type { Json } from '#server/lib/json.ts'
import type { Role } from '#server/lib/viewer.ts'
import type { Username } from './username.ts'

export type AccountTables =
  | 'account'
  | 'account_name'
  | 'invitation'
  | 'setting'
  | 'second_factor'
  | 'recovery_code'
  | 'account_link'
  | 'session'
export type AccountStore = ReturnType<typeof createAccountStore>
export type AccountRow = Tables['account'] & { second_factor_ms: number | null }

export type NewAccount = {
  id: string
  username: Username
  displayName: { name: string; key: string }
  role: Role
  state: 'active' | 'waiting'
  password: string
  language: string | null
  timeZone: string | null
  note: string
  nowMs: number
}

const ownerRow = 'house.owner'

export function createAccountStore(db: Database<AccountTables>) {
  const rows = (from: 'read' | 'primary') =>
    db[from]
      .selectFrom('account as a')
      .leftJoin('second_factor as f', 'f.account_id', 'a.id')
      .selectAll('a')
      .select('f.since_ms as second_factor_ms')

  const byName = (from: 'read' | 'primary') =>
    db.prepareRead(
      (reader: Database<AccountTables>['read'], { key, nowMs }: { key: string; nowMs: number }) =>
        reader
          .selectFrom('account_name as n')
          .innerJoin('account as a', 'a.id', 'n.account_id')
          .leftJoin('second_factor as f', 'f.account_id', 'a.id')
          .selectAll('a')
          .select('f.since_ms as second_factor_ms')
          .where('n.name_key', '=', key)
          .where((eb) => eb.or([eb('n.free_ms', 'is', null), eb('n.free_ms', '>', nowMs)])),
      { from },
    )
  const readByName = byName('read')
  const decideByName = byName('primary')

  const dropFreeName = (key: string, nowMs: number): Statement =>
    db.build.deleteFrom('account_name').where('name_key', '=', key).where('free_ms', '<=', nowMs)

  const takeName = (key: string, accountId: string): Statement =>
    db.build.insertInto('account_name').values({ name_key: key, account_id: accountId, free_ms: null })

  const isTaken = async (key: string, nowMs: number): Promise<boolean> => {
    const row = await db.primary
      .selectFrom('account_name')
      .select('name_key')
      .where('name_key', '=', key)
      .where((eb) => eb.or([eb('free_ms', 'is', null), eb('free_ms', '>', nowMs)]))
      .executeTakeFirst()
    return row !== undefined
  }

  const ownerKnown = async (): Promise<boolean> =>
    (await db.primary.selectFrom('setting').select('name').where('name', '=', ownerRow).executeTakeFirst()) !== undefined

  return {
    /** For deciding. */
    findById: (id: string) => rows('primary').where('a.id', '=', id).executeTakeFirst(),
    /** By a present or a past name. For showing; `decide`: for deciding. */
    async findByName(key: string, nowMs: number, options: { decide?: boolean } = {}): Promise<AccountRow | undefined> {
      const [row] = await (options.decide ? decideByName : readByName)({ key, nowMs })
      return row
    },
    isTaken,
    ownerKnown,

    /** All or nothing: the name, the account, what else comes with it, and the use of the invitation. */
    async register(
      account: NewAccount,
      more: { invitation: { id: string; nowMs: number } | undefined; isOwner: boolean; statements: readonly Statement[] },
    ): Promise<'registered' | 'name taken' | 'owner known' | 'invitation used up'> {
      const { id, username, nowMs } = account
      try {
        await db.commit([
          db.build.insertInto('account').values(toRow(account, more.invitation?.id ?? null)),
          dropFreeName(username.key, nowMs),
          takeName(username.key, id),
          ...(more.isOwner
            ? [db.build.insertInto('setting').values({ name: ownerRow, value: JSON.stringify(id), changed_ms: nowMs, changed_by: id })]
            : []),
          ...(more.invitation ? [{ query: useInvitation(more.invitation), rows: 1 }] : []),
          ...more.statements,
        ])
        return 'registered'
      } catch (error) {
        if (error instanceof Unexpected) return 'invitation used up'
        if (!(error instanceof Duplicate)) throw error
        // Told by the key: whoever was first may not be readable yet.
        if (error.key.startsWith('account_name')) return 'name taken'
        if (error.key.startsWith('setting')) return 'owner known'
        throw error
      }
    },

    findInvitation: (code: string) => db.primary.selectFrom('invitation').selectAll().where('code', '=', code).executeTakeFirst(),

    /** False when somebody was first. */
    async rename({
      account,
      to,
      freeMs,
      nowMs,
      statements,
    }: {
      account: { id: string; name_key: string }
      to: Username
      freeMs: number
      nowMs: number
      statements: readonly Statement[]
    }) {
      const isSameKey = account.name_key === to.key
      const changed = db.build
        .updateTable('account')
        .set({ name: to.name, name_key: to.key })
        .where('id', '=', account.id)
        .where('name_key', '=', account.name_key)
      const names: Statement[] = isSameKey
        ? []
        : [
            db.build
              .updateTable('account_name')
              .set({ free_ms: freeMs })
              .where('name_key', '=', account.name_key)
              .where('account_id', '=', account.id),
            // Back to a name of one's own.
            db.build
              .deleteFrom('account_name')
              .where('name_key', '=', to.key)
              .where((eb) =>
                eb.or([eb('free_ms', '<=', nowMs), eb.and([eb('account_id', '=', account.id), eb('free_ms', 'is not', null)])]),
              ),
            takeName(to.key, account.id),
          ]
      try {
        await db.commit([...statements, { query: changed, rows: 1 }, ...names])
        return true
      } catch (error) {
        if (error instanceof Duplicate || error instanceof Unexpected) return false
        throw error
      }
    },

    async countPastNames(accountId: string, nowMs: number): Promise<number> {
      const found = await db.primary
        .selectFrom('account_name')
        .select('name_key')
        .where('account_id', '=', accountId)
        .where('free_ms', '>', nowMs)
        .limit(100)
        .execute()
      return found.length
    },

    async change(
      id: string,
      changes: Partial<
        Pick<AccountRow, 'display_name' | 'display_key' | 'bio' | 'language' | 'time_zone' | 'audience' | 'avatar' | 'email' | 'password'>
      >,
      statements: readonly Statement[] = [],
    ) {
      if (Object.keys(changes).length === 0) return
      await db.commit([...statements, db.build.updateTable('account').set(changes).where('id', '=', id).where('state', '<>', 'closed')])
    },

    changeStatement: (id: string, changes: Partial<Pick<AccountRow, 'avatar' | 'email' | 'password'>>): Statement =>
      db.build.updateTable('account').set(changes).where('id', '=', id).where('state', '<>', 'closed'),

    /** Only if the password is still the one that was checked. */
    async rehash(id: string, { from, to }: { from: string; to: string }) {
      await db.commit([db.build.updateTable('account').set({ password: to }).where('id', '=', id).where('password', '=', from)])
    },

    /** A suspension whose end has passed. */
    async lift(id: string, nowMs: number) {
      await db.commit([
        db.build
          .updateTable('account')
          .set({ state: 'active', suspended_reason: '', suspended_until_ms: null })
          .where('id', '=', id)
          .where('state', '=', 'suspended')
          .where('suspended_until_ms', '<=', nowMs),
      ])
    },

    /** Everything personal goes in this commit; what others keep for the account goes by the tasks that it owes. */
    async close({
      id,
      nowMs,
      freeMs,
      statements,
      owed,
    }: {
      id: string
      nowMs: number
      freeMs: number
      statements: readonly Statement[]
      owed: readonly { kind: string; payload: Json }[]
    }) {
      return commitIfExpected(db, [
        ...statements,
        { query: db.build.updateTable('account').set(blank(id, nowMs)).where('id', '=', id).where('state', '<>', 'closed'), rows: 1 },
        db.build.updateTable('account_name').set({ account_id: null, free_ms: freeMs }).where('account_id', '=', id),
        db.build.deleteFrom('second_factor').where('account_id', '=', id),
        db.build.deleteFrom('recovery_code').where('account_id', '=', id),
        db.build.deleteFrom('account_link').where('account_id', '=', id),
        ...owed.map(({ kind, payload }) => owe({ kind, key: id, payload })),
      ])
    },

    /** False: it did not find what it was to change. */
    commit: (statements: readonly Statement[]) => commitIfExpected(db, statements),

    /** From which somebody has come in, the last one first. */
    devicesIn: ({ devices }: Pick<AccountRow, 'devices'>): string[] => fromJson<string[]>(devices, []),

    rememberDevices: (id: string, names: readonly string[]): Statement =>
      db.build
        .updateTable('account')
        .set({ devices: JSON.stringify(names) })
        .where('id', '=', id),

    owe: (kind: string, payload: Json, options: { key?: string; notBeforeMs?: number } = {}): Statement =>
      owe({ kind, payload, ...options }),

    /** Names that are free again, and waiting links that nobody used. */
    async sweep(nowMs: number) {
      await db.commit([
        db.build.deleteFrom('account_name').where('free_ms', '<=', nowMs),
        db.build.deleteFrom('account_link').where('expires_ms', '<=', nowMs),
      ])
    },
  }

  function useInvitation({ id, nowMs }: { id: string; nowMs: number }) {
    return db.build
      .updateTable('invitation')
      .set((eb) => ({ uses: eb('uses', '+', 1) }))
      .where('id', '=', id)
      .where('withdrawn_ms', 'is', null)
      .where((eb) => eb.or([eb('max_uses', 'is', null), eb('uses', '<', eb.ref('max_uses'))]))
      .where((eb) => eb.or([eb('expires_ms', 'is', null), eb('expires_ms', '>', nowMs)]))
  }
}

function toRow(
  { id, username, displayName, role, state, password, language, timeZone, note, nowMs }: NewAccount,
  invitationId: string | null,
) {
  return {
    id,
    name: username.name,
    name_key: username.key,
    display_name: displayName.name,
    display_key: displayName.key,
    bio: '',
    role,
    state,
    password,
    email: null,
    language,
    time_zone: timeZone,
    audience: 'everyone' as const,
    avatar: null,
    note,
    invitation_id: invitationId,
    suspended_reason: '',
    suspended_until_ms: null,
    devices: null,
    created_ms: nowMs,
    seen_ms: nowMs,
  }
}

function blank(id: string, nowMs: number) {
  return {
    name: '',
    name_key: id,
    display_name: '',
    display_key: '',
    bio: '',
    role: 'member' as const,
    state: 'closed' as const,
    password: '',
    email: null,
    language: null,
    time_zone: null,
    audience: 'nobody' as const,
    avatar: null,
    note: '',
    invitation_id: null,
    suspended_reason: '',
    suspended_until_ms: null,
    devices: null,
    seen_ms: nowMs,
  }
}
