import type { Database } from '#server/database/database.ts'
import { locked } from '#server/database/portable.ts'

export type OwnPosterStore = ReturnType<typeof createOwnPosterStore>

export function createOwnPosterStore(db: Database<'video_poster'>) {
  return {
    async find(videoId: string): Promise<string | undefined> {
      const row = await db.primary.selectFrom('video_poster').select('stamp').where('video_id', '=', videoId).executeTakeFirst()
      return row?.stamp
    },

    /** Answers which was there before. */
    put: ({ videoId, stamp, nowMs }: { videoId: string; stamp: string; nowMs: number }): Promise<string | undefined> =>
      db.transaction(async (trx) => {
        const there = trx.selectFrom('video_poster').select('stamp').where('video_id', '=', videoId)
        const before = await locked(db.dialect, there).executeTakeFirst()
        await trx.deleteFrom('video_poster').where('video_id', '=', videoId).execute()
        await trx.insertInto('video_poster').values({ video_id: videoId, stamp, created_ms: nowMs }).execute()
        return before?.stamp
      }),

    forget: async (videoId: string): Promise<void> =>
      void (await db.commit([db.build.deleteFrom('video_poster').where('video_id', '=', videoId)])),
  }
}
