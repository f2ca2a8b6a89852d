import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { createShow, type Show } from '#server/testing/show.ts'
import { callAs, codeOf, fieldsOf, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import type { AuditEntry } from '#shared/api/admin.ts'
import type { CommentPage } from '#shared/api/comments.ts'
import type { AdminFilm, AdminFilmPage } from '#shared/api/curation.ts'
import type { DanmakuPacket } from '#shared/api/danmaku.ts'
import type { HomeAnswer } from '#shared/api/feed.ts'
import type { NoticePage } from '#shared/api/notices.ts'
import type { Video, VideoCardPage } from '#shared/api/videos.ts'

describe.each(grounds.list)('%s: all films, for those who look after them', (ground) => {
  let matinee: TestMatinee
  let owner: Visitor
  let ann: Visitor
  let bob: Visitor
  let stranger: Visitor['call']
  let show: Show

  beforeAll(async () => {
    // The worker is not needed: what moves from film to film is the scheduler's.
    matinee = await startMatinee(ground, { without: ['worker'] })
    owner = await joinAsOwner(matinee)
    ann = await join(matinee, 'ann')
    bob = await join(matinee, 'bob')
    stranger = callAs(matinee)
    show = createShow(matinee, ann)
    for (const one of [ann, bob]) await soon(async () => expect((await owner.call('GET', `/api/user/${one.username}`)).status).toBe(200))
  })
  afterAll(() => matinee[Symbol.asyncDispose]())

  const soon = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 60_000, interval: 50 })

  async function films(query = ''): Promise<AdminFilmPage> {
    const answer = await owner.call('GET', `/api/admin/films?${query}`)
    expect(answer.status, answer.text).toBe(200)
    return answer.json as AdminFilmPage
  }
  async function everyPage(query: string): Promise<AdminFilm[]> {
    const all: AdminFilm[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: AdminFilmPage = await films(`${query}&limit=3${cursor && `&cursor=${cursor}`}`)
      all.push(...page.items)
      cursor = page.nextCursor
    }
    return all
  }
  const titles = (all: readonly { title: string }[]) => all.map(({ title }) => title)
  async function done(by: Visitor, method: string, path: string, body?: object) {
    const answer = await by.call(method, `/api${path}`, body)
    expect(answer.status, answer.text).toBeLessThan(300)
    return answer.json
  }
  async function entries(action: string): Promise<AuditEntry[]> {
    return ((await done(owner, 'GET', `/admin/audit?action=${action}`)) as { items: AuditEntry[] }).items
  }

  test('every film is in the list, whatever it is to others, each once over all pages and in every order', async () => {
    const looks = await show.everyLook({ title: (look) => `Garden ${look}` })
    const there = Object.entries(looks).flatMap(([look, id]) => (look === 'deleted' ? [] : [id]))
    for (const query of ['', 'sort=old', 'sort=views', 'q=garden', 'q=garden&sort=new', 'owner=ann']) {
      const found = (await everyPage(query)).map(({ id }) => id)
      expect(new Set(found).size, query).toBe(found.length)
      expect(found.filter((id) => Object.values(looks).includes(id)).toSorted(), query).toEqual(there.toSorted())
    }
    expect((await everyPage('sort=old')).map(({ id }) => id)).toEqual((await everyPage('')).map(({ id }) => id).toReversed())
    expect(titles(await everyPage('q=garden&visibility=private'))).toContain('Garden private')
    expect(titles(await everyPage('q=garden&visibility=unlisted'))).toEqual(['Garden unlisted'])
    expect(titles(await everyPage('q=garden&state=failed'))).toEqual(['Garden failed'])
    expect((await everyPage('owner=bob')).length + (await everyPage('owner=nobodyknows')).length).toBe(0)
  })

  test('a featured film stands first on the home page until it is not, and the log says who said so', async () => {
    const [one, two] = [await show.film({ title: 'First choice' }), await show.film({ title: 'Hidden choice', visibility: 'private' })]
    for (const id of [one, two]) await done(owner, 'PUT', `/admin/films/${id}/featured`)
    await done(owner, 'PUT', `/admin/films/${one}/featured`)
    const rowOf = async () => ((await stranger('GET', '/api/home')).json as HomeAnswer).rows.find(({ key }) => key === 'featured')
    await soon(async () => expect(titles((await rowOf())?.items ?? [])).toEqual(['First choice']))
    expect(((await stranger('GET', '/api/home')).json as HomeAnswer).rows[0]?.key).toBe('featured')
    await soon(async () => expect(titles(await everyPage('is=featured')).toSorted()).toEqual(['First choice', 'Hidden choice']))
    await done(owner, 'DELETE', `/admin/films/${one}/featured`)
    await soon(async () => expect(await rowOf()).toBeUndefined())
    expect((await entries('video.feature')).map(({ subject }) => subject?.name)).toEqual(['Hidden choice', 'First choice'])
    expect(await entries('video.unfeature')).toMatchObject([{ actor: { username: 'owner' }, subject: { id: one } }])
  })

  test('what is done to the film of somebody else stands in the log; what is done to one’s own does not', async () => {
    const vid = await show.film({ title: 'Looked after' })
    await show.change(vid, { description: 'By its own hand' })
    const place = `/user/ann/videos/${vid}`
    await done(owner, 'PATCH', place, { title: 'Looked well after', tags: ['a'] })
    await done(owner, 'DELETE', place)
    await done(owner, 'POST', `${place}/restore`)
    await done(owner, 'PUT', `/moderation/videos/${vid}/hidden`)
    await done(owner, 'PUT', `/moderation/videos/${vid}/hidden`)
    await soon(async () => expect(titles(await everyPage('is=hidden'))).toContain('Looked well after'))
    for (const action of ['video.change', 'video.delete', 'video.restore', 'video.hide'])
      expect(await entries(action), action).toMatchObject([{ actor: { username: 'owner' }, subject: { id: vid } }])
    expect((await entries('video.change'))[0]?.details).toEqual({ fields: ['title', 'tags'] })
  })

  test('a film that is handed over is another person’s at once, with all that is said about it', async () => {
    const vid = await show.film({ title: 'Handed over', visibility: 'private' })
    expect(fieldsOf(await owner.call('PUT', `/api/admin/films/${vid}/owner`, { to: 'nobodyknows' }))).toEqual(['to: user.not_found'])
    const made = await ann.call('POST', '/api/playlists', { title: 'Of Ann', kind: 'series', visibility: 'public' })
    const { id: series } = made.json as { id: string }
    for (const one of [vid, await show.film({ title: 'Stays', visibility: 'public' })])
      await done(ann, 'PUT', `/playlists/${series}/items/${one}`, {})
    await done(owner, 'PUT', `/admin/films/${vid}/owner`, { to: 'bob' })
    const inSeries = await ann.call('GET', `/api/playlists/${series}/items`)
    expect((inSeries.json as { items: { title: string }[] }).items.map(({ title }) => title)).toEqual(['Stays'])
    await soon(async () => {
      const { items } = (await bob.call('GET', '/api/notices')).json as NoticePage
      expect(items.map(({ kind, video }) => [kind, video?.id])).toContainEqual(['film_given', vid])
    })
    expect((await ann.call('GET', `/api/videos/${vid}`)).status).toBe(404)
    expect((await ann.call('PATCH', `/api/user/ann/videos/${vid}`, { title: 'Mine' })).status).toBe(404)
    await done(bob, 'PATCH', `/user/bob/videos/${vid}`, { title: 'Bob’s now' })
    await soon(async () => expect(titles(await everyPage('owner=bob'))).toEqual(['Bob’s now']))
    expect(await entries('video.hand_over')).toMatchObject([{ subject: { id: vid }, details: { from: ann.id, to: bob.id } }])
  })

  test('of two films from one file one is made: what people said and did is of the other, and the old address leads there', async () => {
    const [from, into] = [
      await show.film({ title: 'Twin one', durationMs: 60_000 }),
      await show.film({ title: 'Twin two', durationMs: 60_000 }),
    ]
    for (const videoId of [from, into]) {
      const file = { blob: `sources/${videoId}/1`, size: 9, type: 'video/mp4', sha256: '7'.repeat(64), fileName: 'a.mp4' }
      const generation = await matinee.features.videos.sourceArrived({ videoId, ...file })
      await matinee.features.videos.grew({ videoId, generation, state: 'ready' })
    }
    await soon(async () => {
      const twins = (await everyPage('is=twin')).map(({ title, twins: others }) => [title, others])
      expect(twins).toEqual([
        ['Twin two', 1],
        ['Twin one', 1],
      ])
    })

    const say = async (by: Visitor, vid: string, text: string, replyTo?: string) =>
      (await done(by, 'POST', `/videos/${vid}/comments`, { text, ...(replyTo ? { replyTo } : {}) })) as { id: string }
    const { id: first } = await say(bob, from, 'From the one')
    await say(ann, from, 'A reply', first)
    await say(bob, into, 'From the other')
    await done(bob, 'POST', `/videos/${from}/danmaku`, { text: 'Flying', atMs: 1500 })
    for (const vid of [from, into]) await done(bob, 'PUT', `/videos/${vid}/like`)
    await done(owner, 'PUT', `/videos/${from}/favourite`)
    for (const vid of [from, into]) await done(bob, 'POST', `/videos/${vid}/views`, { watchedMs: 40_000 })
    await done(bob, 'PUT', `/videos/${from}/progress`, { atMs: 30_000, durationMs: 60_000 })

    const merge = (id: string, body: object) => owner.call('POST', `/api/admin/films/${id}/merge`, body)
    expect(fieldsOf(await merge(from, { into: from }))).toEqual(['into: curation.with_itself'])
    expect(fieldsOf(await merge(from, { into: '0'.repeat(20) }))).toEqual(['into: video.not_found'])
    await done(owner, 'POST', `/admin/films/${from}/merge`, { into })
    expect(codeOf(await merge(from, { into }))).toBe('video.not_found')

    await soon(async () => expect((await stranger('GET', `/api/videos/${from}`)).json).toMatchObject({ id: into, title: 'Twin two' }))
    await soon(async () => {
      const { total, items } = (await done(bob, 'GET', `/videos/${into}/comments?sort=new`)) as CommentPage
      expect([total, items.map(({ text }) => text).toSorted()]).toEqual([3, ['From the one', 'From the other']])
      const flying = (await done(bob, 'GET', `/videos/${into}/danmaku`)) as DanmakuPacket
      expect(flying).toMatchObject({ items: [{ text: 'Flying', atMs: 1500 }], total: 1 })
      // Whoever sent it takes it back: it knows them over the other film too.
      expect(flying.own).toEqual(flying.items.map(({ id }) => id))
      expect((await done(bob, 'GET', `/videos/${into}`)) as Video).toMatchObject({ likes: 1, favourites: 1, views: 2, progressMs: 30_000 })
      expect(titles(((await done(owner, 'GET', '/favourites')) as VideoCardPage).items)).toContain('Twin two')
    })
    await soon(async () => expect(titles(await everyPage('q=twin'))).toEqual(['Twin two']))
    expect(await entries('video.merge')).toMatchObject([{ subject: { id: from, name: 'Twin one' }, details: { into, title: 'Twin two' } }])
  })
})
