import { commitIfExpected } from '#server/database/commit-if-expected.ts'
import type { Database, Statement } from '#server/database/database.ts'

export type LinkStore = ReturnType<typeof createLinkStore>
export type NewLink = {
  id: string
  accountId: string
  purpose: 'reset' | 'email'
  tokenHash: string
  email: string | null
  expiresMs: number
}

export function createLinkStore(db: Database<'account_link' | 'account'>) {
  const addStatements = ({ id, accountId, purpose, tokenHash, email, expiresMs }: NewLink): Statement[] => [
    // One at a time: a new link ends the one before.
    db.build.deleteFrom('account_link').where('account_id', '=', accountId).where('purpose', '=', purpose),
    db.build.insertInto('account_link').values({ id, account_id: accountId, purpose, token_hash: tokenHash, email, expires_ms: expiresMs }),
  ]

  return {
    addStatements,
    add: async (link: NewLink) => void (await db.commit(addStatements(link))),

    find: (tokenHash: string, purpose: 'reset' | 'email', nowMs: number) =>
      db.primary
        .selectFrom('account_link as l')
        .innerJoin('account as a', 'a.id', 'l.account_id')
        .select(['l.id', 'l.account_id', 'l.email', 'a.name', 'a.state'])
        .where('l.token_hash', '=', tokenHash)
        .where('l.purpose', '=', purpose)
        .where('l.expires_ms', '>', nowMs)
        .executeTakeFirst(),

    findById: (id: string) => db.primary.selectFrom('account_link').selectAll().where('id', '=', id).executeTakeFirst(),

    pendingEmail: (accountId: string, nowMs: number) =>
      db.primary
        .selectFrom('account_link')
        .select('email')
        .where('account_id', '=', accountId)
        .where('purpose', '=', 'email')
        .where('expires_ms', '>', nowMs)
        .executeTakeFirst(),

    /** The token is made when the letter is written, so that it stands nowhere before. */
    async giveToken(id: string, tokenHash: string): Promise<void> {
      await db.commit([db.build.updateTable('account_link').set({ token_hash: tokenHash }).where('id', '=', id)])
    },

    /** Uses it up, with what it is for. False when somebody was first. */
    async use(id: string, tokenHash: string, statements: readonly Statement[]): Promise<boolean> {
      const used = db.build.deleteFrom('account_link').where('id', '=', id).where('token_hash', '=', tokenHash)
      return commitIfExpected(db, [...statements, { query: used, rows: 1 }])
    },

    dropStatement: (accountId: string, purpose: 'reset' | 'email'): Statement =>
      db.build.deleteFrom('account_link').where('account_id', '=', accountId).where('purpose', '=', purpose),

    /** Whose confirmed address this is: one address may serve a family. */
    accountsOf: (email: string) =>
      db.primary.selectFrom('account').select(['id', 'name', 'email', 'language', 'state']).where('email', '=', email).limit(10).execute(),
  }
}
