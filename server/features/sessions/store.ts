import type { Database, Statement } from '#server/database/database.ts'
import { tokenHash } from './token.ts'
import type { Device } from './device.ts'
import type { Doubt } from './held.ts'

export type SessionTables = 'session' | 'session_doubt' | 'session_epoch' | 'account' | 'second_factor'
export type SessionStore = ReturnType<typeof createSessionStore>
export type SessionRow = NonNullable<Awaited<ReturnType<SessionStore['find']>>>

export type NewSession = { id: string; accountId: string; token: string; device: Device; nowMs: number; expiresMs: number; endsMs: number }
export type Use = { sessionId: string; accountId: string; usedMs: number; expiresMs: number; address: string }

const batch = 500

export function createSessionStore(db: Database<SessionTables>) {
  const rows = () =>
    db.primary
      .selectFrom('session as s')
      .innerJoin('account as a', 'a.id', 's.account_id')
      .leftJoin('second_factor as f', 'f.account_id', 's.account_id')
      .select([
        's.id',
        's.account_id',
        's.token_hash',
        's.next_hash',
        's.past_hash',
        's.past_until_ms',
        's.address',
        's.browser',
        's.system',
      ])
      .select(['s.created_ms', 's.rotated_ms', 's.used_ms', 's.expires_ms', 's.ends_ms'])
      .select(['a.name', 'a.role', 'a.state', 'a.suspended_until_ms', 'a.language', 'a.time_zone', 'f.since_ms as second_factor_ms'])

  /** Says in the same commit what every process must forget. First among its statements: the epoch's row puts such commits in order. */
  const doubtStatements = ({ accountId, sessionId, keptId, ended }: Doubt, nowMs: number): Statement[] => [
    {
      query: db.build
        .updateTable('session_epoch')
        .set((eb) => ({ seq: eb('seq', '+', 1) }))
        .where('id', '=', 1),
      rows: 1,
    },
    db.build
      .insertInto('session_doubt')
      .columns(['seq', 'account_id', 'session_id', 'kept_id', 'ended', 'made_ms'])
      .expression((eb) =>
        eb
          .selectFrom('session_epoch')
          .where('id', '=', 1)
          .select((e) => [
            'seq',
            e.val(accountId).as('account_id'),
            e.val(sessionId).as('session_id'),
            e.val(keptId).as('kept_id'),
            e.val(ended ? 1 : 0).as('ended'),
            e.val(nowMs).as('made_ms'),
          ]),
      ),
  ]

  return {
    doubtStatements,

    find: (id: string) => rows().where('s.id', '=', id).executeTakeFirst(),

    /** The live ones, those used last first. */
    listLive: (nowMs: number, limit: number) =>
      rows().where('s.expires_ms', '>', nowMs).where('a.state', '=', 'active').orderBy('s.used_ms', 'desc').limit(limit).execute(),

    listOf: (accountId: string, nowMs: number) =>
      rows().where('s.account_id', '=', accountId).where('s.expires_ms', '>', nowMs).orderBy('s.used_ms', 'desc').limit(200).execute(),

    idsOf: (accountId: string) =>
      db.primary.selectFrom('session').select('id').where('account_id', '=', accountId).orderBy('used_ms', 'desc').limit(1000).execute(),

    insertStatement: ({ id, accountId, token, device, nowMs, expiresMs, endsMs }: NewSession): Statement =>
      db.build.insertInto('session').values({
        id,
        account_id: accountId,
        token_hash: tokenHash(token),
        next_hash: null,
        past_hash: null,
        past_until_ms: null,
        ...device,
        created_ms: nowMs,
        rotated_ms: nowMs,
        used_ms: nowMs,
        expires_ms: expiresMs,
        ends_ms: endsMs,
      }),

    deleteStatement({ accountId, sessionId, keptId }: Omit<Doubt, 'ended'>): Statement {
      const all = db.build.deleteFrom('session').where('account_id', '=', accountId)
      if (sessionId !== null) return all.where('id', '=', sessionId)
      return keptId === null ? all : all.where('id', '<>', keptId)
    },

    commit: (statements: readonly Statement[]) => db.commit(statements),

    /** False when somebody else was first. */
    async offerNext(id: string, { from, next, nowMs }: { from: string; next: string; nowMs: number }): Promise<boolean> {
      const [outcome] = await db.commit([
        db.build.updateTable('session').set({ next_hash: next, rotated_ms: nowMs }).where('id', '=', id).where('token_hash', '=', from),
      ])
      return outcome?.rows === 1
    },

    /** The token that rotation made is shown for the first time: it takes the place, and the one before may be shown a moment longer. */
    promoteStatement: (id: string, { shown, before, pastUntilMs }: { shown: string; before: string; pastUntilMs: number }): Statement =>
      db.build
        .updateTable('session')
        .set({ token_hash: shown, next_hash: null, past_hash: before, past_until_ms: pastUntilMs })
        .where('id', '=', id)
        .where('next_hash', '=', shown),

    /** Many sessions' last use in one commit. Never goes back. */
    async writeUses(uses: readonly Use[]): Promise<void> {
      await db.commit(
        uses.flatMap(({ sessionId, accountId, usedMs, expiresMs, address }) => [
          db.build
            .updateTable('session')
            .set({ used_ms: usedMs, expires_ms: expiresMs, address })
            .where('id', '=', sessionId)
            .where('used_ms', '<', usedMs),
          db.build.updateTable('account').set({ seen_ms: usedMs }).where('id', '=', accountId).where('seen_ms', '<', usedMs),
        ]),
      )
    },

    async epoch(): Promise<number> {
      const row = await db.primary.selectFrom('session_epoch').select('seq').where('id', '=', 1).executeTakeFirstOrThrow()
      return row.seq
    },

    doubtsAfter: (seq: number, limit: number) =>
      db.primary.selectFrom('session_doubt').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute(),

    /** A batch of what has ended. True while there is more. */
    async sweep({ nowMs, doubtsBeforeMs }: { nowMs: number; doubtsBeforeMs: number }): Promise<boolean> {
      const sessions = await db.primary.selectFrom('session').select('id').where('expires_ms', '<', nowMs).limit(batch).execute()
      const doubts = await db.primary.selectFrom('session_doubt').select('seq').where('made_ms', '<', doubtsBeforeMs).limit(batch).execute()
      const ids = sessions.map(({ id }) => id)
      const seqs = doubts.map(({ seq }) => seq)
      if (ids.length === 0 && seqs.length === 0) return false
      await db.commit([
        ...(ids.length > 0 ? [db.build.deleteFrom('session').where('id', 'in', ids).where('expires_ms', '<', nowMs)] : []),
        ...(seqs.length > 0 ? [db.build.deleteFrom('session_doubt').where('seq', 'in', seqs)] : []),
      ])
      return ids.length === batch || seqs.length === batch
    },
  }
}
