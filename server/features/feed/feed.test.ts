import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grounds, soon } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { callAs, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import { createShow, type Show } from '#server/testing/show.ts'
import type { HomeAnswer } from '#shared/api/feed.ts'
import type { HistoryPage } from '#shared/api/history.ts'
import type { TagPage, Video, VideoCard, VideoCardPage } from '#shared/api/videos.ts'

const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' }

describe.each(grounds.list)('%s: finding a film', (ground) => {
  let matinee: TestMatinee
  let owner: Visitor
  let ann: Visitor
  let bob: Visitor
  let carl: Visitor
  let stranger: Visitor['call']
  let show: Show

  beforeAll(async () => {
    matinee = await startMatinee(ground, { without: ['worker'] })
    owner = await joinAsOwner(matinee)
    ann = await join(matinee, 'ann')
    bob = await join(matinee, 'bob')
    carl = await join(matinee, 'carl')
    stranger = callAs(matinee)
    show = createShow(matinee, ann)
  })
  afterAll(() => matinee[Symbol.asyncDispose]())

  const get = async <T>(call: Visitor['call'], path: string): Promise<T> => {
    const answer = await call('GET', `/api${path}`)
    expect(answer.status, `${path}: ${answer.text}`).toBe(200)
    return answer.json as T
  }
  const idsOf = ({ items }: { items: VideoCard[] }) => items.map(({ id }) => id)
  const home = (call: Visitor['call']) => get<HomeAnswer>(call, '/home')
  const row = async (call: Visitor['call'], key: string) =>
    (await home(call)).rows.find((one) => one.key === key)?.items.map(({ id }) => id)
  const watch = (by: Visitor, vid: string) => by.call('POST', `/api/videos/${vid}/views`, { watchedMs: 60_000 })

  test('what one may not see is in no list, whoever asks and however it is hidden', async () => {
    const films = await show.everyLook({ tags: ['secret garden'] })
    // Whoever has been there while it was open: likes, history and favourites lead nowhere once it is closed.
    const closed = await show.film({ title: 'It was open', tags: ['secret garden'] })
    for (const [method, what, body] of [
      ['PUT', 'like', undefined],
      ['PUT', 'favourite', undefined],
      ['PUT', 'progress', { atMs: 5000 }],
    ] as const)
      expect((await bob.call(method, `/api/videos/${closed}/${what}`, body)).status).toBe(204)
    await bob.call('PUT', '/api/user/ann/follow')
    await watch(bob, closed)
    await show.change(closed, { visibility: 'private' })
    const beside = await show.film({ title: 'Beside it', tags: ['secret garden'] })

    const lists = async (call: Visitor['call'], isSignedIn: boolean): Promise<Record<string, string[]>> => ({
      home: (await home(call)).rows.flatMap(({ items }) => items.map(({ id }) => id)),
      new: idsOf(await get<VideoCardPage>(call, '/videos?limit=100')),
      hot: idsOf(await get<VideoCardPage>(call, '/videos?sort=hot&limit=100')),
      top: idsOf(await get<VideoCardPage>(call, '/videos?sort=top&limit=100')),
      tag: idsOf(await get<TagPage>(call, '/tags/Secret%20Garden/videos?limit=100')),
      related: idsOf(await get<VideoCardPage>(call, `/videos/${beside}/related`)),
      channel: (await get<{ items: Video[] }>(call, '/user/ann/videos?limit=100')).items.map(({ id }) => id),
      ...(isSignedIn
        ? {
            history: idsOf(await get<HistoryPage>(call, '/history')),
            favourites: idsOf(await get<VideoCardPage>(call, '/favourites')),
          }
        : {}),
    })
    const mayFind = { stranger: ['public'], member: ['public', 'members'] }
    for (const [who, call, isSignedIn] of [
      ['stranger', stranger, false],
      ['member', bob.call, true],
      ['member', carl.call, true],
    ] as const) {
      const found = await lists(call, isSignedIn)
      const hidden = Object.entries(films).filter(([look]) => !mayFind[who].includes(look))
      expect(hidden.length).toBeGreaterThan(5)
      for (const [list, ids] of Object.entries(found)) {
        for (const [look, id] of [...hidden, ['closed', closed] as const]) expect(ids, `${look} in ${list} of a ${who}`).not.toContain(id)
      }
      for (const list of ['home', 'new', 'hot', 'top', 'tag', 'channel'])
        for (const look of mayFind[who]) expect(found[list], `${look} in ${list}`).toContain(films[look as 'public'])
    }
  }, 300_000)

  test('what is hidden or thrown away is gone from the home page within a second, though it was cached', async () => {
    const [one, other] = [await show.film({ title: 'Soon hidden' }), await show.film({ title: 'Soon gone' })]
    for (const call of [stranger, bob.call]) expect(await row(call, 'new')).toEqual(expect.arrayContaining([one, other]))
    await show.change(one, { visibility: 'private' })
    await ann.call('DELETE', `/api/user/ann/videos/${other}`)
    for (const call of [stranger, bob.call])
      await expect
        .poll(async () => (await row(call, 'new'))?.filter((id) => id === one || id === other), { timeout: soon(1500) })
        .toEqual([])
  })

  test('a view counts once a person and day past its threshold; the owner’s, and those of programs, do not', async () => {
    const vid = await show.film({ title: 'Counted', durationMs: 100_000 })
    const viewsOf = async () => (await get<Video>(stranger, `/videos/${vid}`)).views
    const view = (call: Visitor['call'], watchedMs: number, headers = {}) =>
      call('POST', `/api/videos/${vid}/views`, { watchedMs }, headers)
    await view(bob.call, 29_999)
    expect(await viewsOf()).toBe(0)
    for (let again = 0; again < 3; again++) await view(bob.call, 30_000)
    expect(await viewsOf()).toBe(1)
    await view(ann.call, 30_000)
    await view(stranger, 30_000)
    await view(stranger, 30_000, { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' })
    expect(await viewsOf()).toBe(1)
    await Promise.all(Array.from({ length: 5 }, () => view(stranger, 30_000, browser)))
    expect(await viewsOf()).toBe(2)
  })

  test('likes and favourites are counted once each, taken back, and warm a film once a day', async () => {
    const [one, other] = [await show.film({ title: 'Liked much' }), await show.film({ title: 'Watched by two' })]
    await Promise.all(Array.from({ length: 6 }, (_, i) => bob.call(i % 2 ? 'PUT' : 'PUT', `/api/videos/${one}/like`)))
    await bob.call('PUT', `/api/videos/${one}/favourite`)
    const seen = await get<Video>(bob.call, `/videos/${one}`)
    expect(seen).toMatchObject({ likes: 1, favourites: 1, isLiked: true, isFavourite: true })
    expect(await get<Video>(carl.call, `/videos/${one}`)).toMatchObject({ likes: 1, isLiked: false })
    const order = async () =>
      idsOf(await get<VideoCardPage>(stranger, '/videos?sort=hot&limit=100')).filter((id) => id === one || id === other)
    await watch(carl, other)
    expect(await order()).toEqual([one, other])
    for (let again = 0; again < 4; again++) for (const method of ['DELETE', 'PUT']) await bob.call(method, `/api/videos/${one}/like`)
    await Promise.all([owner, bob].map((by) => watch(by, other)))
    await carl.call('PUT', `/api/videos/${other}/like`)
    expect(await order()).toEqual([other, one])
    await bob.call('DELETE', `/api/videos/${one}/like`)
    expect(await get<Video>(bob.call, `/videos/${one}`)).toMatchObject({ likes: 0, isLiked: false })
  })

  test('a deed warms a film by its weight, of one person the strongest alone, and more people outweigh one', async () => {
    const deeds = {
      view: (by: Visitor, vid: string) => watch(by, vid),
      comment: (by: Visitor, vid: string) => by.call('POST', `/api/videos/${vid}/comments`, { text: 'Well said' }),
      danmaku: (by: Visitor, vid: string) => by.call('POST', `/api/videos/${vid}/danmaku`, { text: 'Well flown', atMs: 0 }),
      like: (by: Visitor, vid: string) => by.call('PUT', `/api/videos/${vid}/like`),
      favourite: (by: Visitor, vid: string) => by.call('PUT', `/api/videos/${vid}/favourite`),
    }
    const made = async (title: string, ...done: (readonly [Visitor, keyof typeof deeds])[]) => {
      const vid = await show.film({ title })
      for (const [by, deed] of done) expect((await deeds[deed](by, vid)).status, `${title}: ${deed}`).toBeLessThan(300)
      return [title, vid] as const
    }
    const people = [bob, carl, owner]
    const films = new Map(
      [
        await made('one view', [bob, 'view']),
        await made('all by one', [bob, 'view'], [bob, 'comment'], [bob, 'like'], [bob, 'favourite'], [bob, 'danmaku']),
        await made('two views', [bob, 'view'], [carl, 'view']),
        await made('one like', [bob, 'like']),
        await made('one danmaku', [bob, 'view'], [bob, 'danmaku']),
        await made('three likes', ...people.map((by) => [by, 'like'] as const)),
        await made('three views', ...people.map((by) => [by, 'view'] as const)),
        await made('its own owner', [ann, 'like'], [ann, 'comment'], [ann, 'view']),
      ].map(([title, vid]) => [vid, title]),
    )
    const order = idsOf(await get<VideoCardPage>(stranger, '/videos?sort=hot&limit=100')).flatMap((id) => films.get(id) ?? [])
    expect(order).toEqual(['three likes', 'three views', 'all by one', 'one like', 'one danmaku', 'two views', 'one view', 'its own owner'])
  })

  test('pages of every order hold each film once', async () => {
    for (let n = 0; n < 5; n++) await show.film({ title: `Page ${n}`, tags: ['pages'] })
    for (const path of ['/videos?sort=new&', '/videos?sort=hot&', '/videos?sort=top&', '/tags/pages/videos?']) {
      const all = idsOf(await get<VideoCardPage>(stranger, `${path}limit=100`))
      const paged: string[] = []
      for (let cursor = ''; ; ) {
        const page = await get<VideoCardPage>(stranger, `${path}limit=2${cursor && `&cursor=${cursor}`}`)
        paged.push(...idsOf(page))
        if (page.nextCursor === null) break
        cursor = page.nextCursor
      }
      expect(paged, path).toEqual(all)
      expect(new Set(paged).size).toBe(paged.length)
    }
    expect((await stranger('GET', '/api/videos?sort=new&cursor=bad')).status).toBe(400)
  })

  test('one goes on with a film on another device, until it is finished', async () => {
    const vid = await show.film({ title: '接着看', durationMs: 3_600_000 })
    const put = (atMs: number) => carl.call('PUT', `/api/videos/${vid}/progress`, { atMs })
    await put(1_234_567)
    const elsewhere = callAs(matinee, carl.token, '203.0.113.9')
    expect(await row(elsewhere, 'continue')).toEqual([vid])
    expect((await get<Video>(elsewhere, `/videos/${vid}`)).progressMs).toBe(1_234_567)
    const fresh = (await home(elsewhere)).rows.find(({ key }) => key === 'new')?.items.find(({ id }) => id === vid)
    expect(fresh?.progressMs).toBe(1_234_567)
    expect((await get<Video>(bob.call, `/videos/${vid}`)).progressMs).toBeNull()
    await put(3_500_000)
    expect(await row(elsewhere, 'continue')).toBeUndefined()
  })

  test('history is listed, sought in, paused, forgotten in part or whole, and taken along', async () => {
    const dora = await join(matinee, 'dora')
    const films = [await show.film({ title: 'Blue Moon' }), await show.film({ title: '蓝色月亮' }), await show.film({ title: 'Red Sun' })]
    const see = (vid: string) => dora.call('PUT', `/api/videos/${vid}/progress`, { atMs: 1000, durationMs: 90_000 })
    const titles = async (query = '') => (await get<HistoryPage>(dora.call, `/history${query}`)).items.map(({ title }) => title)
    for (const vid of films) await see(vid)
    expect((await titles()).toSorted()).toEqual(['Blue Moon', 'Red Sun', '蓝色月亮'].toSorted())
    expect(await titles('?q=MOON%20blue')).toEqual(['Blue Moon'])
    expect(await titles(`?q=${encodeURIComponent('月亮')}`)).toEqual(['蓝色月亮'])
    const exported = await get<{ items: { title: string; atMs: number }[] }>(dora.call, '/history/export')
    expect(exported.items).toHaveLength(3)
    await dora.call('DELETE', `/api/history/${films[0]}`)
    expect(await titles()).toHaveLength(2)
    await dora.call('PUT', '/api/history/paused', { isPaused: true })
    await see(films[0] ?? '')
    expect(await get<HistoryPage>(dora.call, '/history?limit=1')).toMatchObject({ isPaused: true, items: [{}] })
    expect(await titles()).toHaveLength(2)
    await dora.call('DELETE', '/api/history')
    expect(await titles()).toEqual([])
    await dora.call('PUT', '/api/history/paused', { isPaused: false })
    await see(films[0] ?? '')
    expect(await titles()).toEqual(['Blue Moon'])
    expect((await stranger('GET', '/api/history')).status).toBe(401)
  })

  test('one sees the new films of those one follows, and none of those one blocked', async () => {
    const emil = await join(matinee, 'emil')
    const fay = await join(matinee, 'fay')
    const film = await createShow(matinee, fay).film({ title: 'Fay was here' })
    const call = (method: string, what: string) => emil.call(method, `/api/user/fay/${what}`)
    const counts = async (by: Visitor['call']) => get(by, '/user/fay/followers')
    expect((await call('PUT', 'follow')).status).toBe(204)
    await call('PUT', 'follow')
    expect(await counts(emil.call)).toEqual({ followers: 1, following: 0, isFollowed: true, isBlocked: false })
    expect(await counts(stranger)).toMatchObject({ followers: 1, isFollowed: false })
    expect(await row(emil.call, 'following')).toEqual([film])
    expect((await get<{ items: { username: string }[] }>(emil.call, '/following')).items).toMatchObject([{ username: 'fay' }])
    expect((await emil.call('PUT', '/api/user/emil/follow')).status).toBe(400)
    expect((await call('PUT', 'block')).status).toBe(204)
    expect(await counts(emil.call)).toEqual({ followers: 0, following: 0, isFollowed: false, isBlocked: true })
    expect((await home(emil.call)).rows.flatMap(({ items }) => items.map(({ id }) => id))).not.toContain(film)
    expect((await fay.call('PUT', '/api/user/emil/follow')).status).toBe(403)
    await call('DELETE', 'block')
    expect(await row(emil.call, 'new')).toContain(film)
    expect((await fay.call('PUT', '/api/user/emil/follow')).status).toBe(204)
  })
})
