import type { Database } from '#server/database/database.ts'
import { upsert } from '#server/database/portable.ts'
import type { Tables } from '#server/database/tables.ts'
import { parseRangesText } from '#server/lib/byte-ranges.ts'

export type GrowingRow = Tables['video_growing']
export type GrowingStore = ReturnType<typeof createGrowingStore>

/** Sources that are still on their way, and which bytes of them lie where. */
export function createGrowingStore(db: Database<'video_growing'>) {
  const all = () => db.primary.selectFrom('video_growing').selectAll()
  return {
    find: (videoId: string): Promise<GrowingRow | undefined> => all().where('video_id', '=', videoId).executeTakeFirst(),

    async findByBlob(blob: string) {
      const row = await all().where('blob', '=', blob).executeTakeFirst()
      return row && { path: row.path, size: row.size, held: parseRangesText(row.held) }
    },

    async put(row: GrowingRow): Promise<void> {
      const insert = db.build.insertInto('video_growing').values(row)
      const take = ['generation', 'blob', 'path', 'size', 'held', 'touched_ms'] as const
      await db.commit([upsert(db.dialect, insert, { key: ['video_id'], take })])
    },

    forget: async (videoId: string): Promise<void> =>
      void (await db.commit([db.build.deleteFrom('video_growing').where('video_id', '=', videoId)])),
  }
}
