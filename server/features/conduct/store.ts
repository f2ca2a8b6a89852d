import type { Database } from '#server/database/database.ts'
import { upsert } from '#server/database/portable.ts'
import type { Tables } from '#server/database/tables.ts'

export type ConductStore = ReturnType<typeof createConductStore>
export type MuteRow = Tables['mute']

export function createConductStore(db: Database<'mute' | 'blocked_word'>) {
  return {
    mute: (accountId: string): Promise<MuteRow | undefined> =>
      db.primary.selectFrom('mute').selectAll().where('account_id', '=', accountId).executeTakeFirst(),

    muteStatement: (row: MuteRow) =>
      upsert(db.dialect, db.build.insertInto('mute').values(row), { key: ['account_id'], take: ['until_ms', 'why', 'by_id', 'made_ms'] }),
    unmuteStatement: (accountId: string) => db.build.deleteFrom('mute').where('account_id', '=', accountId),

    words: async (): Promise<string[]> =>
      (await db.primary.selectFrom('blocked_word').select('word').orderBy('word_key').execute()).map(({ word }) => word),

    wordStatements: (words: readonly { word_key: string; word: string }[]) => [
      db.build.deleteFrom('blocked_word'),
      ...(words.length === 0 ? [] : [db.build.insertInto('blocked_word').values(words)]),
    ],
  }
}
