import type { Database, Statement, Value } from '#server/database/database.ts'
import { commitIfExpected } from '#server/database/commit-if-expected.ts'
import { keyset, pageOf } from '#server/database/keyset.ts'
import { type OwedTask, owe } from '#server/database/outbox.ts'
import { insertMissing } from '#server/database/portable.ts'
import type { Tables } from '#server/database/tables.ts'

type Names = 'report_case' | 'report' | 'account' | 'video' | 'comment' | 'danmaku' | 'mute'
export type ModerationStore = ReturnType<typeof createModerationStore>
export type CaseRow = Tables['report_case']
export type ReportRow = Tables['report']
export type Thing = CaseRow['thing']

const mostCounted = 500
const mostShown = 10

export function createModerationStore(db: Database<Names>) {
  const open = { state: 'open', slot: '', count: 0, decision: null, why: '', decided_by: null, decided_ms: null } as const

  return {
    /** Joins the open case of this thing, or opens one. Once a person and case: whoever says it again adds nothing. */
    report: (
      about: Pick<CaseRow, 'id' | 'thing' | 'thing_id' | 'video_id' | 'author_id'>,
      said: Omit<ReportRow, 'case_id'>,
    ): Promise<void> =>
      db.transaction(async (trx) => {
        const row = { ...about, ...open, last_ms: said.created_ms, created_ms: said.created_ms }
        await insertMissing(db.dialect, trx.insertInto('report_case').values(row)).execute()
        const { id } = await trx
          .selectFrom('report_case')
          .select('id')
          .where('thing', '=', about.thing)
          .where('thing_id', '=', about.thing_id)
          .where('slot', '=', '')
          .executeTakeFirstOrThrow()
        const mine = trx.selectFrom('report').select('case_id').where('case_id', '=', id).where('reporter_id', '=', said.reporter_id)
        if (await mine.executeTakeFirst()) return
        await insertMissing(db.dialect, trx.insertInto('report').values({ ...said, case_id: id })).execute()
        await trx
          .updateTable('report_case')
          .set((eb) => ({ count: eb('count', '+', 1), last_ms: said.created_ms }))
          .where('id', '=', id)
          .execute()
      }),

    find: (id: string): Promise<CaseRow | undefined> =>
      db.primary.selectFrom('report_case').selectAll().where('id', '=', id).executeTakeFirst(),

    async list(only: { state: CaseRow['state']; thing?: Thing | undefined }, after: readonly Value[] | undefined, limit: number) {
      let all = db.primary.selectFrom('report_case').selectAll().where('state', '=', only.state)
      if (only.thing) all = all.where('thing', '=', only.thing)
      const by = [['last_ms', 'desc'] as const, ['id', 'desc'] as const]
      return pageOf(await keyset(all, { by, after, limit }).execute(), limit, (row) => [row.last_ms, row.id])
    },

    async countOpen(): Promise<number> {
      const all = db.primary.selectFrom('report_case').select('id').where('state', '=', 'open')
      return (await all.limit(mostCounted).execute()).length
    },

    async reports(caseIds: readonly string[]): Promise<Map<string, ReportRow[]>> {
      const found = await Promise.all(
        caseIds.map((id) =>
          db.primary.selectFrom('report').selectAll().where('case_id', '=', id).orderBy('created_ms', 'desc').limit(mostShown).execute(),
        ),
      )
      return new Map(caseIds.map((id, place) => [id, found[place] ?? []]))
    },

    /** False: somebody else was faster. */
    decide: (row: CaseRow, set: Partial<CaseRow>, more: readonly Statement[], owed: readonly OwedTask[]): Promise<boolean> =>
      commitIfExpected(db, [
        {
          query: db.build
            .updateTable('report_case')
            .set({ ...set, slot: row.id })
            .where('id', '=', row.id)
            .where('state', '=', 'open'),
          rows: 1,
        },
        ...more,
        ...owed.map((task) => owe(task)),
      ]),

    commit: async (statements: readonly Statement[], owed: readonly OwedTask[] = []): Promise<void> =>
      void (await db.commit([...statements, ...owed.map((task) => owe(task))])),

    async people(ids: readonly string[]) {
      if (ids.length === 0) return new Map<string, Pick<Tables['account'], 'id' | 'name' | 'display_name' | 'avatar'>>()
      const all = db.read.selectFrom('account').select(['id', 'name', 'display_name', 'avatar']).where('state', '<>', 'closed')
      return new Map((await all.where('id', 'in', [...new Set(ids)]).execute()).map((row) => [row.id, row]))
    },

    account: (id: string) =>
      db.primary
        .selectFrom('account')
        .select(['id', 'name', 'role', 'state', 'suspended_reason', 'suspended_until_ms', 'created_ms'])
        .where('id', '=', id)
        .executeTakeFirst(),

    /** What stands there now, by thing and id; what is gone has none. */
    async texts(rows: readonly Pick<CaseRow, 'thing' | 'thing_id'>[]): Promise<Map<string, string>> {
      const idsOf = (thing: Thing) => ['', ...rows.flatMap((row) => (row.thing === thing ? [row.thing_id] : []))]
      const [videos, comments, danmaku] = await Promise.all([
        db.primary
          .selectFrom('video')
          .select(['id', 'title as text'])
          .where('id', 'in', idsOf('video'))
          .where('deleted_ms', 'is', null)
          .execute(),
        db.primary
          .selectFrom('comment')
          .select(['id', 'text'])
          .where('id', 'in', idsOf('comment'))
          .where('deleted_ms', 'is', null)
          .execute(),
        db.primary.selectFrom('danmaku').select(['id', 'text']).where('id', 'in', idsOf('danmaku')).execute(),
      ])
      const named = (thing: Thing, found: readonly { id: string; text: string }[]) =>
        found.map(({ id, text }): [string, string] => [`${thing} ${id}`, text])
      return new Map([...named('video', videos), ...named('comment', comments), ...named('danmaku', danmaku)])
    },

    async titles(ids: readonly string[]): Promise<Map<string, string>> {
      if (ids.length === 0) return new Map()
      const rows = await db.read
        .selectFrom('video')
        .select(['id', 'title'])
        .where('id', 'in', [...new Set(ids)])
        .execute()
      return new Map(rows.map(({ id, title }) => [id, title]))
    },

    async upheldAgainst(accountId: string): Promise<number> {
      const all = db.primary.selectFrom('report_case').select((eb) => eb.fn.countAll().as('count'))
      return Number((await all.where('author_id', '=', accountId).where('state', '=', 'upheld').executeTakeFirst())?.count ?? 0)
    },

    async countOf(accountId: string): Promise<number> {
      const all = db.primary.selectFrom('report').select((eb) => eb.fn.countAll().as('count'))
      return Number((await all.where('reporter_id', '=', accountId).executeTakeFirst())?.count ?? 0)
    },

    /** What somebody reported, and what was open against them: all of it is gone with them. */
    async removeAllOf(accountId: string, nowMs: number): Promise<void> {
      const own = db.primary.selectFrom('report_case').select('id').where('author_id', '=', accountId).where('state', '=', 'open')
      const cases = await own.execute()
      const gone = { state: 'dismissed', decision: 'gone', decided_ms: nowMs } as const
      await db.commit([
        db.build.deleteFrom('report').where('reporter_id', '=', accountId),
        db.build.deleteFrom('mute').where('account_id', '=', accountId),
        ...cases.map(({ id }) =>
          db.build
            .updateTable('report_case')
            .set({ ...gone, slot: id })
            .where('id', '=', id)
            .where('state', '=', 'open'),
        ),
      ])
    },
  }
}
