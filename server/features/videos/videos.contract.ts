import { beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#server/database/database.ts'
import { newId } from '#server/lib/id.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { addAccount } from '#server/testing/people.ts'
import { createVideos } from './index.ts'

const stranger: Viewer = { kind: 'stranger', language: 'en', address: '203.0.113.1' }
const person = (accountId: string): Viewer => ({
  ...stranger,
  kind: 'person',
  accountId,
  username: accountId,
  role: 'member',
  sessionId: newId(),
  via: 'bearer',
  timeZone: 'UTC',
})

/** What the rows of videos promise, on every ground. */
export function videosContract(name: string, at: () => Database): void {
  describe(`videos on ${name}`, () => {
    let db: Database
    let videos: ReturnType<typeof createVideos>
    let ownerId: string
    let videoId: string
    beforeEach(async () => {
      db = at()
      videos = createVideos({ db: db.pick(), clock: createHeldClock(), newId })
      videos.onSource(({ videoId: id, generation }) => ({ kind: 'test.plan', key: id, payload: { generation } }))
      ownerId = await addAccount(db)
      videoId = await videos.createDraft(ownerId, { title: '流浪地球', fileName: 'a.mp4' })
    })
    const row = () => videos.see(person(ownerId), videoId)
    const source = (generation: number) => {
      const blob = `sources/${videoId}/${generation}`
      return { videoId, blob, size: 7, type: 'video/mp4', sha256: String(generation).repeat(64), fileName: 'b.mp4' }
    }
    const owed = async () =>
      (await db.primary.selectFrom('outbox').selectAll().where('task_key', '=', videoId).orderBy('owed_ms').orderBy('id').execute()).map(
        ({ payload }) => JSON.parse(payload) as unknown,
      )

    test('a draft is private: its owner sees and changes it, for everybody else it is not there', async () => {
      expect(await row()).toMatchObject({ title: '流浪地球', state: 'draft', visibility: 'private', file_name: 'a.mp4', generation: 0 })
      expect((await videos.change(person(ownerId), videoId)).id).toBe(videoId)
      for (const other of [stranger, person(newId())]) {
        await expect(videos.see(other, videoId)).rejects.toMatchObject({ kind: 'not_found', code: 'video.not_found' })
        await expect(videos.change(other, videoId)).rejects.toMatchObject({ kind: 'not_found' })
      }
    })

    test('who sees a public film without owning it is told to log in, or that it is not theirs', async () => {
      await db.commit([db.build.updateTable('video').set({ visibility: 'public', state: 'ready' }).where('id', '=', videoId)])
      expect((await videos.see(stranger, videoId)).id).toBe(videoId)
      await expect(videos.change(stranger, videoId)).rejects.toMatchObject({ kind: 'unauthenticated' })
      await expect(videos.change(person(newId()), videoId)).rejects.toMatchObject({ kind: 'forbidden' })
    })

    test('what was thrown away is not there, for its owner neither, and takes no source', async () => {
      await db.commit([db.build.updateTable('video').set({ deleted_ms: 1 }).where('id', '=', videoId)])
      await expect(row()).rejects.toMatchObject({ kind: 'not_found' })
      await expect(videos.sourceArrived(source(1))).rejects.toMatchObject({ kind: 'not_found' })
      expect(await owed()).toEqual([])
    })

    test('an upload that ends without a file leaves a draft, and one for a film that plays does not stop it', async () => {
      await videos.uploadBegan(videoId, { fileName: 'b.mp4', size: 7 })
      expect(await row()).toMatchObject({ state: 'uploading', file_name: 'b.mp4' })
      await videos.uploadEnded(videoId)
      expect((await row()).state).toBe('draft')
      await db.commit([db.build.updateTable('video').set({ state: 'ready' }).where('id', '=', videoId)])
      await videos.uploadBegan(videoId, { fileName: 'c.mp4', size: 7 })
      expect(await row()).toMatchObject({ state: 'ready', file_name: 'b.mp4' })
    })

    test('a source told of many times at once is one generation and one owed task; another one is the next', async () => {
      expect(await Promise.all(Array.from({ length: 5 }, () => videos.sourceArrived(source(1))))).toEqual([1, 1, 1, 1, 1])
      expect(await owed()).toEqual([{ generation: 1 }])
      expect(await row()).toMatchObject({ state: 'processing', generation: 1, source_size: 7 })
      expect(await videos.sourceArrived(source(2))).toBe(2)
      expect(await owed()).toHaveLength(2)
    })

    test('cells done never shrink, and what is told of a replaced source changes nothing', async () => {
      await videos.sourceArrived(source(1))
      const facts = { durationMs: 9000, width: 640, height: 360 }
      expect(await videos.grew({ videoId, generation: 1, state: 'playable', cellsDone: 5, cellsPlanned: 8, facts })).toBe(true)
      await videos.grew({ videoId, generation: 1, cellsDone: 3 })
      expect(await row()).toMatchObject({ state: 'playable', cells_done: 5, cells_planned: 8, duration_ms: 9000 })
      await videos.sourceArrived(source(2))
      expect(await videos.grew({ videoId, generation: 1, state: 'failed', failure: { code: 'media.broken' } })).toBe(false)
      expect(await row()).toMatchObject({ state: 'processing', cells_done: 0, failure_code: null })
    })
  })
}
