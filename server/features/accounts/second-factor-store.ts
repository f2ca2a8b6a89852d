import { commitIfExpected } from '#server/database/commit-if-expected.ts'
import type { Database, Statement } from '#server/database/database.ts'

export type SecondFactorStore = ReturnType<typeof createSecondFactorStore>

export function createSecondFactorStore(db: Database<'second_factor' | 'recovery_code'>) {
  const dropCodes = (accountId: string): Statement => db.build.deleteFrom('recovery_code').where('account_id', '=', accountId)
  const addCodes = (accountId: string, hashes: readonly string[]): Statement =>
    db.build.insertInto('recovery_code').values(hashes.map((code_hash) => ({ account_id: accountId, code_hash })))

  const first = (statements: readonly Statement[]) => commitIfExpected(db, statements)

  return {
    find: (accountId: string) => db.primary.selectFrom('second_factor').selectAll().where('account_id', '=', accountId).executeTakeFirst(),

    /** All of them, some at a time. */
    listSecrets: (after: string, limit: number) =>
      db.primary
        .selectFrom('second_factor')
        .select(['account_id', 'secret'])
        .where('account_id', '>', after)
        .orderBy('account_id')
        .limit(limit)
        .execute(),

    /** Unless it was changed since it was read. */
    async replaceSecret(accountId: string, { from, to }: { from: string; to: string }): Promise<void> {
      const own = db.build.updateTable('second_factor').set({ secret: to }).where('account_id', '=', accountId)
      await db.commit([own.where('secret', '=', from)])
    },

    async countCodes(accountId: string): Promise<number> {
      const rows = await db.primary.selectFrom('recovery_code').select('code_hash').where('account_id', '=', accountId).limit(100).execute()
      return rows.length
    },

    /** Takes the place of one that was begun and not confirmed; leaves one that is in force. */
    async begin(accountId: string, secret: string): Promise<void> {
      await db.commit([
        db.build.deleteFrom('second_factor').where('account_id', '=', accountId).where('since_ms', 'is', null),
        db.build.insertInto('second_factor').values({ account_id: accountId, secret, since_ms: null, last_step: 0 }),
      ])
    },

    /** In force from now on. False when somebody was first. */
    confirm: (accountId: string, now: { nowMs: number; step: number; hashes: readonly string[]; statements: readonly Statement[] }) =>
      first([
        ...now.statements,
        {
          query: db.build
            .updateTable('second_factor')
            .set({ since_ms: now.nowMs, last_step: now.step })
            .where('account_id', '=', accountId)
            .where('since_ms', 'is', null),
          rows: 1,
        },
        dropCodes(accountId),
        addCodes(accountId, now.hashes),
      ]),

    /** A code of this step or a later one can be taken once: whoever is first. With it, a secret under an old key is sealed anew. */
    takeStep: (accountId: string, step: number, again?: { from: string; to: string }) =>
      first([
        {
          query: db.build
            .updateTable('second_factor')
            .set({ last_step: step })
            .where('account_id', '=', accountId)
            .where('last_step', '<', step),
          rows: 1,
        },
        ...(again
          ? [
              db.build
                .updateTable('second_factor')
                .set({ secret: again.to })
                .where('account_id', '=', accountId)
                .where('secret', '=', again.from),
            ]
          : []),
      ]),

    takeCode: (accountId: string, hash: string) =>
      first([{ query: db.build.deleteFrom('recovery_code').where('account_id', '=', accountId).where('code_hash', '=', hash), rows: 1 }]),

    async replaceCodes(accountId: string, hashes: readonly string[]): Promise<void> {
      await db.commit([dropCodes(accountId), addCodes(accountId, hashes)])
    },

    endStatements: (accountId: string): Statement[] => [
      db.build.deleteFrom('second_factor').where('account_id', '=', accountId),
      dropCodes(accountId),
    ],
  }
}
