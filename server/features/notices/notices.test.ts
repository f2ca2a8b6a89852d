import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import type { Comment } from '#shared/api/comments.ts'
import type { NoticePage } from '#shared/api/notices.ts'
import type { Video } from '#shared/api/videos.ts'

describe.each(grounds.list)('%s: notices', (ground) => {
  let matinee: TestMatinee
  let ann: Visitor
  let bob: Visitor
  let carl: Visitor

  beforeAll(async () => {
    matinee = await startMatinee(ground, { without: ['worker'] })
    await joinAsOwner(matinee)
  })
  // Everybody anew for each test: what one test tells is nobody's in another.
  let round = 0
  async function newPeople(): Promise<void> {
    round++
    const names = ['ann', 'bob', 'carl'].map((name) => join(matinee, `${name}${round}`, { from: `192.0.2.${round}` }))
    ;[ann, bob, carl] = (await Promise.all(names)) as [Visitor, Visitor, Visitor]
    // Who has just come in is known everywhere a moment later: pages look up names where a replica may lag.
    for (const one of [ann, bob, carl])
      await vi.waitFor(async () => expect((await ann.call('GET', `/api/user/${one.username}`)).status).toBe(200), {
        timeout: 60_000,
        interval: 50,
      })
  }
  afterAll(() => matinee[Symbol.asyncDispose]())

  async function film(set: object = {}): Promise<string> {
    const place = `/api/user/${ann.username}/videos`
    const { id } = (await ann.call('POST', place, { title: 'A film', visibility: 'public', ...set })).json as Video
    const source = { videoId: id, blob: `sources/${id}/1`, size: 1, type: 'video/mp4', sha256: 'a'.repeat(64), fileName: 'a.mp4' }
    await matinee.features.videos.sourceArrived(source)
    return id
  }
  const grow = (videoId: string, state: 'ready' | 'failed') => matinee.features.videos.grew({ videoId, generation: 1, state })
  async function say(by: Visitor, vid: string, text: string, replyTo?: string): Promise<string> {
    const answer = await by.call('POST', `/api/videos/${vid}/comments`, { text, ...(replyTo ? { replyTo } : {}) })
    expect(answer.status, answer.text).toBe(201)
    return (answer.json as Comment).id
  }
  const page = async (of: Visitor, query = '') => (await of.call('GET', `/api/notices${query}`)).json as NoticePage
  /** What there is once so many have come: they come by tasks. */
  async function notices(of: Visitor, kinds: readonly string[]) {
    await vi.waitFor(async () => expect((await page(of)).items.map(({ kind }) => kind)).toEqual(kinds), { timeout: 60_000, interval: 100 })
    return page(of)
  }
  const show = async (vid: string, visibility: string) =>
    expect((await ann.call('PATCH', `/api/user/${ann.username}/videos/${vid}`, { visibility })).json).toMatchObject({ visibility })
  const unread = async (of: Visitor) => ((await of.call('GET', '/api/notices/unread')).json as { unread: number }).unread

  test('of replies, comments and encodings reach whom they concern, alike ones as one, and nobody hears of themselves', async () => {
    await newPeople()
    const vid = await film()
    await grow(vid, 'ready')
    await notices(ann, ['film_ready'])
    const root = await say(bob, vid, 'What a <b>night</b>')
    await say(bob, vid, 'and again')
    await notices(ann, ['comment', 'film_ready'])
    await say(carl, vid, 'indeed', root)
    const { items, unread: count } = await notices(bob, ['reply'])
    expect(items).toMatchObject([{ by: { username: carl.username }, video: { id: vid }, text: 'indeed', count: 1, isRead: false }])
    expect(count).toBe(1)
    await vi.waitFor(
      async () => expect((await page(ann)).items[0]).toMatchObject({ kind: 'comment', count: 3, people: 2, text: 'indeed' }),
      { timeout: 60_000, interval: 100 },
    )
    expect((await page(carl)).items).toEqual([])
  })

  test('what was read on one device is read, and what comes after begins anew', async () => {
    await newPeople()
    const vid = await film()
    await grow(vid, 'failed')
    const { items } = await notices(ann, ['film_failed'])
    const answer = await ann.call('PUT', '/api/notices/read', { upTo: items[0]?.id })
    expect([answer.status, answer.json, await unread(ann)]).toEqual([200, { unread: 0 }, 0])
    await grow(vid, 'ready')
    await notices(ann, ['film_ready', 'film_failed'])
    expect(await unread(ann)).toBe(1)
    await ann.call('PUT', '/api/notices/read', { upTo: '0'.repeat(20) })
    expect(await unread(ann), 'marks move forward alone').toBe(1)
  })

  test('[T5] of what is gone, hidden, or by somebody who is blocked, nothing is said and nothing counted', async () => {
    await newPeople()
    const vid = await film()
    await grow(vid, 'ready')
    const [mine, other] = [await say(bob, vid, 'mine'), await say(bob, vid, 'other')]
    const secret = await say(carl, vid, 'a secret', mine)
    await notices(bob, ['reply'])
    await carl.call('DELETE', `/api/videos/${vid}/comment/${secret}`)
    expect([await unread(bob), (await page(bob)).items]).toEqual([0, []])
    await say(carl, vid, 'again', other)
    await notices(bob, ['reply'])
    await show(vid, 'private')
    expect([await unread(bob), (await page(bob)).items]).toEqual([0, []])
    await show(vid, 'public')
    await bob.call('PUT', `/api/user/${carl.username}/block`)
    const third = await say(bob, vid, 'third')
    await say(carl, vid, 'not heard', third)
    await say(ann, vid, 'heard', third)
    await notices(bob, ['reply'])
    expect((await page(bob)).items).toMatchObject([{ by: { username: ann.username }, count: 1 }])
  })

  test('[T5] followers hear once of a film that comes out, and of no other', async () => {
    await newPeople()
    await bob.call('PUT', `/api/user/${ann.username}/follow`)
    await grow(await film({ visibility: 'unlisted' }), 'ready')
    await grow(await film({ visibility: 'private' }), 'ready')
    const later = await film()
    await ann.call('PATCH', `/api/user/${ann.username}/videos/${later}`, { publishAt: '2999-01-01T00:00:00.000Z' })
    await grow(later, 'ready')
    const vid = await film({ visibility: 'members' })
    await grow(vid, 'ready')
    const { items } = await notices(bob, ['new_film'])
    expect(items).toMatchObject([{ by: { username: ann.username }, video: { id: vid }, count: 1 }])
    await show(vid, 'private')
    await show(vid, 'public')
    await grow(await film(), 'ready')
    await vi.waitFor(async () => expect((await page(bob)).items).toMatchObject([{ kind: 'new_film', count: 2 }]), {
      timeout: 60_000,
      interval: 100,
    })
  })

  test('who does not want a kind hears nothing of it, and a closed account leaves none', async () => {
    await newPeople()
    expect((await ann.call('PUT', '/api/notices/choices', { kind: 'film_ready', inApp: false, byMail: true })).json).toMatchObject({
      items: expect.arrayContaining([
        { kind: 'film_ready', inApp: false, byMail: false },
        { kind: 'reply', inApp: true, byMail: false },
      ]),
    })
    const vid = await film()
    await grow(vid, 'ready')
    await say(bob, vid, 'x')
    await notices(ann, ['comment'])
    expect((await ann.call('GET', '/api/me/closing')).json).toMatchObject({ goes: expect.arrayContaining([{ kind: 'notices', count: 1 }]) })
    expect((await ann.call('GET', '/api/notices?cursor=bad')).status).toBe(400)
  })
})
