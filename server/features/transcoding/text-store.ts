import type { Database } from '#server/database/database.ts'
import { owe } from '#server/database/outbox.ts'
import type { Tables } from '#server/database/tables.ts'
import type { FilmKey } from './store.ts'

export type TextRow = Tables['video_text']
export type TextStore = ReturnType<typeof createTextStore>

const most = 64

/** What is said in a film is sought by the search of the house, which does this kind of task. */
const listenTo = (videoId: string) => owe({ kind: 'videos.listen.item', payload: { videoId }, key: videoId })

export function createTextStore(db: Database<'video_text'>) {
  const all = (videoId: string) => db.primary.selectFrom('video_text').selectAll().where('video_id', '=', videoId)
  return {
    /** Of a source, those beside it first. */
    list: ({ videoId, generation }: FilmKey): Promise<TextRow[]> =>
      all(videoId).where('generation', 'in', [0, generation]).orderBy('generation').orderBy('place').orderBy('id').limit(most).execute(),

    find: (videoId: string, id: string): Promise<TextRow | undefined> => all(videoId).where('id', '=', id).executeTakeFirst(),

    /** Those that were there before for the same source go. */
    async replace({ videoId, generation }: FilmKey, rows: readonly TextRow[]): Promise<void> {
      await db.commit([
        db.build.deleteFrom('video_text').where('video_id', '=', videoId).where('generation', '=', generation),
        ...rows.map((row) => db.build.insertInto('video_text').values(row)),
        listenTo(videoId),
      ])
    },

    async change(row: TextRow): Promise<TextRow> {
      const { id, language, label } = row
      await db.commit([db.build.updateTable('video_text').set({ language, label }).where('id', '=', id), listenTo(row.video_id)])
      return row
    },

    add: async (row: TextRow): Promise<void> =>
      void (await db.commit([db.build.insertInto('video_text').values(row), listenTo(row.video_id)])),

    remove: async (videoId: string, id: string): Promise<void> =>
      void (await db.commit([db.build.deleteFrom('video_text').where('video_id', '=', videoId).where('id', '=', id), listenTo(videoId)])),

    forget: async (videoId: string): Promise<void> =>
      void (await db.commit([db.build.deleteFrom('video_text').where('video_id', '=', videoId)])),
  }
}
