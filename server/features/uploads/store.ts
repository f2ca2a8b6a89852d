import { countBytes, parseRangesText } from '#server/lib/byte-ranges.ts'
import { commitIfExpected } from '#server/database/commit-if-expected.ts'
import type { Database } from '#server/database/database.ts'
import { sum } from '#server/database/portable.ts'
import type { Tables } from '#server/database/tables.ts'

export type TaskRow = Tables['upload_task']
export type TaskChange = Partial<Omit<TaskRow, 'id' | 'version'>>
export type UploadStore = ReturnType<typeof createUploadStore>

const unfinished = ['open', 'paused', 'verifying'] as const

export function createUploadStore(db: Database<'upload_task'>) {
  const byId = db.prepareRead((from, { id }: { id: number }) => from.selectFrom('upload_task').selectAll().where('id', '=', id), {
    from: 'primary',
  })
  const tasks = () => db.primary.selectFrom('upload_task').selectAll()
  return {
    find: async (id: number): Promise<TaskRow | undefined> => (await byId({ id }))[0],

    async add(row: TaskRow): Promise<void> {
      await db.commit([db.build.insertInto('upload_task').values(row)])
    },

    /** False: somebody else has changed it since it was read. Durable when it resolves. */
    async change(row: TaskRow, change: TaskChange): Promise<boolean> {
      const query = db.build
        .updateTable('upload_task')
        .set({ ...change, version: row.version + 1 })
        .where('id', '=', row.id)
        .where('version', '=', row.version)
      return commitIfExpected(db, [{ query, rows: 1 }])
    },

    /** Changes nothing of what a task is: whoever has the row at hand may still change it. False as with `change`. */
    async changeLeaving(row: TaskRow, leaving: string | null): Promise<boolean> {
      const query = db.build.updateTable('upload_task').set({ leaving }).where('id', '=', row.id).where('version', '=', row.version)
      return commitIfExpected(db, [{ query, rows: 1 }])
    },

    findSame: (sameKey: string): Promise<TaskRow | undefined> =>
      tasks().where('same_key', '=', sameKey).where('state', 'in', unfinished).orderBy('created_ms').executeTakeFirst(),

    /** With `userId`, of that user alone. */
    findStored: (server: string, md5: string, { size, userId }: { size: number; userId?: string }): Promise<TaskRow | undefined> =>
      tasks()
        .where('server', '=', server)
        .where('md5', '=', md5)
        .where('size', '=', size)
        .where('state', '=', 'stored')
        .$if(userId !== undefined, (from) => from.where('user_id', '=', userId ?? ''))
        .orderBy('created_ms', 'desc')
        .executeTakeFirst(),

    findStoredBySha256: (server: string, sha256: string, size: number): Promise<TaskRow | undefined> =>
      tasks()
        .where('sha256', '=', sha256)
        .where('server', '=', server)
        .where('size', '=', size)
        .where('state', '=', 'stored')
        .orderBy('created_ms', 'desc')
        .executeTakeFirst(),

    listIn: (state: TaskRow['state']): Promise<TaskRow[]> =>
      tasks().where('state', '=', state).where('kind', '=', 'whole').limit(1000).execute(),

    listIdle: (server: string, beforeMs: number): Promise<TaskRow[]> =>
      tasks()
        .where((either) => either.or([either('state', 'in', ['open', 'paused']), either.and({ state: 'verifying', kind: 'part' })]))
        .where('touched_ms', '<', beforeMs)
        .where('server', '=', server)
        .limit(100)
        .execute(),

    listDueCallbacks: (nowMs: number): Promise<TaskRow[]> =>
      tasks().where('callback_due_ms', '<=', nowMs).orderBy('callback_due_ms').limit(20).execute(),

    /** What open tasks were promised below a root and have not brought yet. */
    async bytesAwaited(root: string): Promise<number> {
      const rows = await db.primary
        .selectFrom('upload_task')
        .select(['size', 'held'])
        .where('root', '=', root)
        .where('state', 'in', ['open', 'paused'])
        .limit(100_000)
        .execute()
      return rows.reduce((sum, { size, held }) => sum + size - countBytes(parseRangesText(held)), 0)
    },

    /** A user's own, the newest first. */
    listUnfinished: (server: string, userId: string): Promise<TaskRow[]> =>
      tasks()
        .where('server', '=', server)
        .where('user_id', '=', userId)
        .where('state', 'in', unfinished)
        .where('kind', '=', 'whole')
        .orderBy('created_ms', 'desc')
        .limit(100)
        .execute(),

    /** Those of a user that are over, and of which nobody waits for news. */
    async forgetSettled(server: string, userId: string): Promise<void> {
      const own = db.build.deleteFrom('upload_task').where('server', '=', server).where('user_id', '=', userId)
      await db.commit([
        own.where('state', '=', 'cancelled'),
        own.where('state', 'in', unfinished).where('kind', '=', 'part'),
        own.where('state', '=', 'stored').where('callback_due_ms', 'is', null),
      ])
    },

    async hasAny(server: string, userId: string): Promise<boolean> {
      return (await tasks().where('server', '=', server).where('user_id', '=', userId).executeTakeFirst()) !== undefined
    },

    /** What a business server has under way, and what it did not hear of. */
    listUnderWay: (server: string): Promise<TaskRow[]> =>
      tasks()
        .where('server', '=', server)
        .where('state', 'in', unfinished)
        .where('kind', '=', 'whole')
        .orderBy('touched_ms', 'desc')
        .limit(200)
        .execute(),

    listUnheard: (server: string): Promise<TaskRow[]> =>
      tasks()
        .where('server', '=', server)
        .where('callback_tries', '>', 0)
        .where('callback_code', 'is not', null)
        .orderBy('touched_ms', 'desc')
        .limit(200)
        .execute(),

    /** What one user has, or has been promised. */
    async bytesOf(server: string, userId: string): Promise<number> {
      const { bytes } = await db.primary
        .selectFrom('upload_task')
        .select(({ ref }) => sum(ref('size')).as('bytes'))
        .where('server', '=', server)
        .where('user_id', '=', userId)
        .where('state', '<>', 'cancelled')
        .executeTakeFirstOrThrow()
      return Number(bytes)
    },
  }
}
