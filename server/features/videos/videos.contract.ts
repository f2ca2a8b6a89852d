import { beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#server/database/database.ts'
import { newId } from '#server/lib/id.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { addAccount } from '#server/testing/people.ts'
import { createLibraryStore } from './library-store.ts'
import { createRemoval } from './removal.ts'
import { createVideoService } from './service.ts'
import { createVideoStore } from './store.ts'

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

const told = { changed: async () => {}, grew: async () => {} }

/** What the rows of videos promise, on every ground. */
export function videosContract(name: string, at: () => Database): void {
  describe(`videos on ${name}`, () => {
    let db: Database
    let videos: ReturnType<typeof createVideoService>
    let ownerId: string
    let videoId: string
    beforeEach(async () => {
      db = at()
      const store = createVideoStore(db.pick())
      videos = createVideoService({ store, recent: store, clock: createHeldClock(), newId, told })
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

    test('what is thrown away is gone at once, its files go page by page, and its row last', async () => {
      const library = createLibraryStore(db.pick())
      const names = new Set([
        `sources/${videoId}/1`,
        `cells/${videoId}/1/a/1.m4s`,
        `cells/${videoId}/1/a/2.m4s`,
        `cells/${newId()}/1/a/1.m4s`,
      ])
      const page = (prefix: string) => [...names].filter((name) => name.startsWith(prefix)).slice(0, 1)
      const blobs = {
        list: async (prefix: string) => ({ items: page(prefix).map((name) => ({ name, size: 1, modifiedMs: 0 })), next: undefined }),
        delete: async (gone: readonly string[]) => gone.forEach((name) => names.delete(name)),
      }
      const removal = createRemoval({ library, blobs, clock: createHeldClock(), told })
      let isBroken = true
      removal.onGone(async () => {
        if (isBroken) throw new Error('the neighbour is away')
      })
      expect(await library.throwAway(videoId, 5, { nowMs: 5 })).toBe(true)
      expect(await library.throwAway(videoId, 6, { nowMs: 6 })).toBe(false)
      await expect(row()).rejects.toMatchObject({ kind: 'not_found' })
      const { signal } = new AbortController()
      await expect(removal.remove(videoId, signal)).rejects.toThrow('away')
      expect((await removal.produce(undefined, 1000)).items.map(({ key }) => key)).toContain(videoId)
      isBroken = false
      await removal.remove(videoId, signal)
      await removal.remove(videoId, signal)
      expect([...names]).toHaveLength(1)
      expect((await removal.produce(undefined, 1000)).items.map(({ key }) => key)).not.toContain(videoId)
      expect(await db.primary.selectFrom('video').select('id').where('id', '=', videoId).execute()).toEqual([])
    })

    test('a closed account takes all its videos, and none of others', async () => {
      const library = createLibraryStore(db.pick())
      const other = await videos.createDraft(await addAccount(db), { title: 'b' })
      await videos.createDraft(ownerId, { title: 'c' })
      expect(await library.count(ownerId)).toBe(2)
      const removal = createRemoval({
        library,
        blobs: { list: async () => ({ items: [], next: undefined }), delete: async () => {} },
        clock: createHeldClock(),
        told,
      })
      await removal.removeAllOf(ownerId)
      expect(await library.count(ownerId)).toBe(0)
      const { items } = await removal.produce(undefined, 1000)
      expect(items.map(({ key }) => key)).toContain(videoId)
      expect(items.map(({ key }) => key)).not.toContain(other)
    })
  })
}
