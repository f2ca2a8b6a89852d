import { describe, expect, test } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee } from '#server/testing/matinee.ts'
import { callAs, join, joinAsOwner } from '#server/testing/visitors.ts'
import type { VideoFigures } from '#shared/api/figures.ts'
import type { Video } from '#shared/api/videos.ts'

describe.each(grounds.list)('%s: figures of a film', (ground) => {
  test('[T5] its keepers see how often, how long, where and from where it was watched, and nobody else does', async () => {
    await using matinee = await startMatinee(ground, { without: ['worker'] })
    await joinAsOwner(matinee)
    const [ann, bob, carl] = [await join(matinee, 'ann'), await join(matinee, 'bob'), await join(matinee, 'carl')]
    const { id } = (await ann.call('POST', '/api/user/ann/videos', { title: 'A film', visibility: 'public' })).json as Video
    const source = { videoId: id, blob: `sources/${id}/1`, size: 1, type: 'video/mp4', sha256: 'a'.repeat(64), fileName: 'a.mp4' }
    await matinee.features.videos.sourceArrived(source)
    await matinee.features.videos.grew({ videoId: id, generation: 1, state: 'ready', facts: { durationMs: 100_000 } })
    const watch = async (by: typeof bob.call, body: object) =>
      expect((await by('POST', `/api/videos/${id}/views`, body, { 'user-agent': 'Mozilla/5.0 (X11)' })).status).toBe(204)
    const seen = (startMs: number, endMs: number) => ({ seen: [{ startMs, endMs }] })
    await watch(bob.call, { watchedMs: 10_000, from: 'search', ...seen(0, 10_000) })
    await watch(bob.call, { watchedMs: 50_000, from: 'search', ...seen(10_000, 50_000) })
    await watch(bob.call, { watchedMs: 50_000, from: 'home', ...seen(0, 50_000) })
    await watch(carl.call, { watchedMs: 100_000, from: 'home', ...seen(0, 100_000) })
    await watch(callAs(matinee), { watchedMs: 1000, ...seen(0, 1000) })
    await watch(ann.call, { watchedMs: 100_000, ...seen(0, 100_000) })
    // Whatever is told, nobody watches more than there is in a day.
    for (let n = 0; n < 5; n++) await watch(carl.call, { watchedMs: 100_000, ...seen(0, 100_000) })
    const read = async () => (await ann.call('GET', `/api/videos/${id}/figures?days=7`)).json as VideoFigures
    // What others did reaches the replica that her reading may go to a moment later.
    const all = { views: 2, comments: 0, danmaku: 0, likes: 0, watchedMs: 100_000 + 300_000 + 1000 }
    await expect.poll(read).toMatchObject(all)
    const figures = await read()
    expect(figures.days).toHaveLength(7)
    expect(figures.days.at(-1)).toEqual({ day: new Date().toISOString().slice(0, 10), views: 2, watchedMs: 401_000 })
    expect(figures.sources).toEqual([
      { from: 'home', views: 1 },
      { from: 'search', views: 1 },
    ])
    expect([figures.stays.length, figures.stays[0], figures.stays[1], figures.stays[99]]).toEqual([100, 1, 0.667, 0.333])
    const csv = await ann.call('GET', `/api/videos/${id}/figures.csv?days=2`)
    expect([csv.headers['content-type'], csv.text.split('\r\n').length]).toEqual(['text/csv; charset=utf-8', 4])
    expect((await bob.call('GET', `/api/videos/${id}/figures`)).status).toBe(403)
    expect((await callAs(matinee)('GET', `/api/videos/${id}/figures`)).status).toBe(401)
    await ann.call('PATCH', `/api/user/ann/videos/${id}`, { visibility: 'private' })
    expect((await bob.call('GET', `/api/videos/${id}/figures`)).status).toBe(404)
    for (const body of [
      { watchedMs: 1, from: 'nowhere' },
      { watchedMs: 1, seen: [{ startMs: 0 }] },
    ])
      expect((await ann.call('POST', `/api/videos/${id}/views`, body)).status).toBe(400)
  })
})
