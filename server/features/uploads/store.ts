import type { Database } from '#server/database/database.ts'
import { Unexpected } from '#server/database/errors.ts'
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
      try {
        await db.commit([{ query, rows: 1 }])
        return true
      } catch (error) {
        if (error instanceof Unexpected) return false
        throw error
      }
    },

    findSame: (sameKey: string): Promise<TaskRow | undefined> =>
      tasks().where('same_key', '=', sameKey).where('state', 'in', unfinished).orderBy('created_ms').executeTakeFirst(),

    findStored: (server: string, md5: string, size: number): Promise<TaskRow | undefined> =>
      tasks()
        .where('server', '=', server)
        .where('md5', '=', md5)
        .where('size', '=', size)
        .where('state', '=', 'stored')
        .orderBy('created_ms', 'desc')
        .executeTakeFirst(),

    listIn: (state: TaskRow['state']): Promise<TaskRow[]> => tasks().where('state', '=', state).limit(1000).execute(),

    listIdle: (server: string, beforeMs: number): Promise<TaskRow[]> =>
      tasks().where('state', 'in', ['open', 'paused']).where('touched_ms', '<', beforeMs).where('server', '=', server).limit(100).execute(),

    listDueCallbacks: (nowMs: number): Promise<TaskRow[]> =>
      tasks().where('callback_due_ms', '<=', nowMs).orderBy('callback_due_ms').limit(20).execute(),

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
