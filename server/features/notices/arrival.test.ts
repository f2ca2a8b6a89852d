import { describe, expect, test, vi } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee } from '#server/testing/matinee.ts'
import { createShiftedClock } from '#server/testing/shifted-clock.ts'
import { createShow } from '#server/testing/show.ts'
import { callAs, join, joinAsOwner } from '#server/testing/visitors.ts'
import type { NoticePage } from '#shared/api/notices.ts'

const hourMs = 3_600_000

describe.each(grounds.list)('a film whose hour comes, %s', (ground) => {
  test('is nowhere before, and from its hour on at home, in lists, in search, in feeds and among the notices', async () => {
    const clock = createShiftedClock()
    await using matinee = await startMatinee(ground, { clock, without: ['worker'] })
    await joinAsOwner(matinee)
    const [ann, bob] = [await join(matinee, 'ann'), await join(matinee, 'bob')]
    const soon = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 60_000, interval: 100 })
    await soon(async () => expect((await bob.call('PUT', '/api/user/ann/follow')).status).toBe(204))
    const show = createShow(matinee, ann)
    const vid = await show.film({ title: '黎明首映', visibility: 'private', tags: ['premiere'] })
    await show.change(vid, { visibility: 'public', publishAt: new Date(clock.now() + hourMs).toISOString() })
    // Notices of films are told by a chore of every minute, which here comes when it is called.
    const tellNow = matinee.features.notices.doors.jobs.kinds.find(({ name }) => name === 'notices.films')
    const tell = () => tellNow?.run({}, { signal: AbortSignal.timeout(60_000), taskId: '', attempt: 1, fence: 1, progress: () => {} })
    const stranger = callAs(matinee)

    const doors = [
      ['GET', '/api/home'],
      ['GET', '/api/videos?sort=new'],
      ['GET', `/api/search?q=${encodeURIComponent('黎明')}`],
      ['GET', '/api/search?q=lmsy'],
      ['GET', '/api/tags/premiere/videos'],
      ['GET', '/api/user/ann/videos'],
      ['GET', '/feed.xml'],
      ['GET', '/@ann/feed.xml'],
      ['GET', '/tag/premiere/feed.xml'],
    ] as const
    const shows = async (method: string, path: string) => (await stranger(method, path)).text.includes(vid)
    const noticed = async () => ((await bob.call('GET', '/api/notices')).json as NoticePage).items.filter(({ kind }) => kind === 'new_film')
    await tell()
    for (const [method, path] of doors) expect(await shows(method, path), `${path} before its hour`).toBe(false)
    expect((await stranger('GET', `/api/videos/${vid}`)).status).toBe(404)
    expect(await noticed()).toEqual([])

    clock.shift(hourMs + 1000)
    expect((await stranger('GET', `/api/videos/${vid}`)).status).toBe(200)
    await tell()
    await tell()
    for (const [method, path] of doors) await soon(async () => expect(await shows(method, path), `${path} from its hour on`).toBe(true))
    await soon(async () => expect(await noticed()).toMatchObject([{ video: { id: vid }, by: { username: 'ann' }, count: 1 }]))
  }, 360_000)
})
