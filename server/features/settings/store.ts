import type { Database, Statement } from '#server/database/database.ts'

export type SettingsStore = ReturnType<typeof createSettingsStore>

export function createSettingsStore(db: Database<'setting'>) {
  return {
    list: () => db.primary.selectFrom('setting').select(['name', 'value']).execute(),

    /** Undefined takes the row away: the configuration holds again. */
    putStatements: (name: string, value: string | undefined, by: { accountId: string | null; nowMs: number }): Statement[] => [
      db.build.deleteFrom('setting').where('name', '=', name),
      ...(value === undefined
        ? []
        : [db.build.insertInto('setting').values({ name, value, changed_ms: by.nowMs, changed_by: by.accountId })]),
    ],
  }
}
