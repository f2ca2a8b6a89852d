import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { callAs, codeOf, fieldsOf, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import type { Comment, CommentPage } from '#shared/api/comments.ts'
import type { Video } from '#shared/api/videos.ts'

const places = [['embedded', ''] as const, ...grounds.list.map((ground) => [ground, '/api'] as const)]

describe.each(places)('%s: the contract of comments at "%s/videos"', (ground, base) => {
  let matinee: TestMatinee
  let moderator: Visitor
  let ann: Visitor
  let bob: Visitor
  let carl: Visitor
  let stranger: Visitor['call']

  beforeAll(async () => {
    matinee = await startMatinee(ground, { without: ['worker'] })
    moderator = await joinAsOwner(matinee)
    ann = await join(matinee, 'ann')
    bob = await join(matinee, 'bob')
    carl = await join(matinee, 'carl')
    stranger = callAs(matinee)
  })
  afterAll(() => matinee[Symbol.asyncDispose]())

  /** Of ann. */
  async function film(visibility = 'public'): Promise<string> {
    const place = `/api/user/${ann.username}/videos`
    const { id } = (await ann.call('POST', place, { title: 'A film', visibility })).json as Video
    const source = { videoId: id, blob: `sources/${id}/1`, size: 1, type: 'video/mp4', sha256: 'a'.repeat(64), fileName: 'a.mp4' }
    await matinee.features.videos.sourceArrived(source)
    await matinee.features.videos.grew({ videoId: id, generation: 1, state: 'ready' })
    return id
  }
  const list = async (vid: string, query = '', call = bob.call) =>
    (await call('GET', `${base}/videos/${vid}/comments${query}`)).json as CommentPage
  const textsOf = async (vid: string, query = '') => (await list(vid, query)).items.map(({ text }) => text)
  async function say(vid: string, text: string, more: { by?: Visitor; replyTo?: string } = {}): Promise<Comment> {
    const { by = bob, replyTo } = more
    const answer = await by.call('POST', `${base}/videos/${vid}/comments`, { text, ...(replyTo ? { replyTo } : {}) })
    expect(answer.status, answer.text).toBe(201)
    return answer.json as Comment
  }
  const remove = async (by: Visitor['call'], vid: string, id: string) => (await by('DELETE', `${base}/videos/${vid}/comment/${id}`)).status
  const on = (by: Visitor, method: string, vid: string, id: string, what: string, body?: object) =>
    by.call(method, `/api/videos/${vid}/comment/${id}${what}`, body)

  test('POST 201 shows the comment, GET 200 lists it; text stays text, and unknown fields are ignored', async () => {
    const vid = await film()
    const text = '<script>alert(1)</script>\n你好 👋'
    const answer = await bob.call('POST', `${base}/videos/${vid}/comments`, { text, likes: 99, author: 'ann' })
    expect([answer.status, answer.json]).toMatchObject([
      201,
      { text, author: { username: 'bob' }, likes: 0, replyTo: null, editedAt: null, isByOwner: false, isPinned: false },
    ])
    const { items, total, nextCursor } = await list(vid, '', stranger)
    expect([items.map((item) => item.text), total, nextCursor]).toEqual([[text], 1, null])
  })

  test('POST 400 names what is wrong, 401 for strangers, 404 under what one may not see', async () => {
    const vid = await film()
    const hidden = await film('private')
    const post = (call: Visitor['call'], id: string, body: object) => call('POST', `${base}/videos/${id}/comments`, body)
    expect(fieldsOf(await post(bob.call, vid, {}))).toEqual(['text: field.required'])
    expect(fieldsOf(await post(bob.call, vid, { text: ' \u200b\n' }))).toEqual(['text: comment.empty'])
    expect((await post(bob.call, vid, { text: 'x'.repeat(5001) })).status).toBe(400)
    expect((await post(stranger, vid, { text: 'x' })).status).toBe(401)
    expect((await post(bob.call, hidden, { text: 'x' })).status).toBe(404)
    expect((await post(ann.call, hidden, { text: 'x' })).status).toBe(201)
    for (const call of [stranger, bob.call]) expect((await call('GET', `${base}/videos/${hidden}/comments`)).status).toBe(404)
    const there = await say(vid, 'there')
    expect(fieldsOf(await post(ann.call, hidden, { text: 'x', replyTo: there.id }))).toEqual(['replyTo: comment.not_found'])
    for (const query of ['?cursor=bad', '?limit=0', '?limit=101', '?sort=odd']) {
      expect((await bob.call('GET', `${base}/videos/${vid}/comments${query}`)).status, query).toBe(400)
    }
  })

  test('the owner closes comments, slows them down, and hears nothing of whom they blocked; the owner says what they like', async () => {
    const vid = await film()
    const change = (body: object) => ann.call('PATCH', `/api/user/${ann.username}/videos/${vid}`, body)
    const post = (by: Visitor) => by.call('POST', `${base}/videos/${vid}/comments`, { text: 'x' })
    await change({ slowModeS: 3600 })
    await say(vid, 'first')
    const again = await post(bob)
    expect([again.status, codeOf(again), Number(again.headers['retry-after']) > 0]).toEqual([429, 'comment.too_soon', true])
    expect((await post(carl)).status).toBe(201)
    await change({ slowModeS: 0, commentRule: 'closed' })
    expect(codeOf(await post(bob))).toBe('comment.closed')
    for (let n = 0; n < 2; n++) expect((await post(ann)).status).toBe(201)
    await change({ commentRule: 'open' })
    await ann.call('PUT', `/api/user/${bob.username}/block`)
    expect(codeOf(await post(bob))).toBe('comment.closed')
    await ann.call('DELETE', `/api/user/${bob.username}/block`)
    expect((await post(bob)).status).toBe(201)
  })

  test('replies are one level deep, oldest first, and not among the others', async () => {
    const vid = await film()
    const root = await say(vid, 'root')
    const reply = await say(vid, 'first', { by: carl, replyTo: root.id })
    const deeper = await say(vid, 'second', { replyTo: reply.id })
    expect([reply.replyTo, deeper.replyTo]).toEqual([root.id, root.id])
    expect(await list(vid)).toMatchObject({ items: [{ text: 'root', replies: 2 }], total: 3 })
    expect((await textsOf(vid, `?repliesTo=${root.id}`)).toSorted()).toEqual(['first', 'second'])
    const other = await film()
    expect((await list(other, `?repliesTo=${root.id}`)).items, 'by the address of another video').toEqual([])
  })

  test('pages go on where they ended, each comment once, by time and by likes', async () => {
    const vid = await film()
    const said: Comment[] = []
    for (let n = 0; n < 5; n++) said.push(await say(vid, `${n}`, { by: n % 2 ? bob : carl }))
    for (const by of [ann, bob]) await on(by, 'PUT', vid, said[1]?.id ?? '', '/like')
    await on(ann, 'PUT', vid, said[3]?.id ?? '', '/like')
    for (const sort of ['new', 'top']) {
      const seen: Comment[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: CommentPage = await list(vid, `?sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}`)
        seen.push(...page.items)
        cursor = page.nextCursor
      }
      const wanted = said.map(({ id, text }) => ({ id, likes: sort === 'new' ? 0 : text === '1' ? 2 : text === '3' ? 1 : 0 }))
      wanted.sort((a, b) => b.likes - a.likes || (a.id < b.id ? 1 : -1))
      expect(seen.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id))
    }
    const { nextCursor } = await list(vid, '?limit=2')
    expect(
      (await bob.call('GET', `${base}/videos/${vid}/comments?sort=top&cursor=${nextCursor}`)).status,
      'a cursor of another order',
    ).toBe(400)
  })

  test('likes count persons, however many ask at once', async () => {
    const vid = await film()
    const { id } = await say(vid, 'x')
    const all = (method: string) => Promise.all([ann, bob, carl, ann, bob, carl].map((by) => on(by, method, vid, id, '/like')))
    expect((await all('PUT')).map(({ status }) => status)).toEqual(Array(6).fill(204))
    expect((await list(vid)).items).toMatchObject([{ likes: 3, isLiked: true }])
    await all('DELETE')
    expect((await list(vid)).items).toMatchObject([{ likes: 0, isLiked: false }])
    expect((await stranger('PUT', `/api/videos/${vid}/comment/${id}/like`)).status).toBe(401)
  })

  test('DELETE 204 for its author, the owner of the video and a moderator; 401, 403, 404', async () => {
    const vid = await film()
    const { id } = await say(vid, 'x')
    expect(await remove(stranger, vid, id)).toBe(401)
    expect(await remove(carl.call, vid, id)).toBe(403)
    expect(await remove(bob.call, await film(), id)).toBe(404)
    expect(await remove(bob.call, vid, 'x')).toBe(400)
    expect([await remove(bob.call, vid, id), await remove(bob.call, vid, id)]).toEqual([204, 404])
    for (const by of [ann, moderator]) expect(await remove(by.call, vid, (await say(vid, 'y')).id)).toBe(204)
    expect(await list(vid)).toEqual({ items: [], nextCursor: null, total: 0 })
  })

  test('a comment with replies leaves a stub that says nothing, and goes with the last of them', async () => {
    const vid = await film()
    const root = await say(vid, 'secret')
    const reply = await say(vid, 'a', { by: carl, replyTo: root.id })
    const other = await say(vid, 'b', { by: carl, replyTo: root.id })
    await remove(bob.call, vid, root.id)
    expect(await list(vid)).toMatchObject({ items: [{ text: '', author: null, isDeleted: true, replies: 2 }], total: 2 })
    expect((await carl.call('POST', `${base}/videos/${vid}/comments`, { text: 'c', replyTo: root.id })).status).toBe(400)
    await Promise.all([remove(carl.call, vid, reply.id), remove(ann.call, vid, other.id)])
    expect(await list(vid)).toEqual({ items: [], nextCursor: null, total: 0 })
  })

  test('its author alone edits it, and it is marked', async () => {
    const vid = await film()
    const { id } = await say(vid, 'x')
    expect((await on(bob, 'PATCH', vid, id, '', { text: 'y' })).json).toMatchObject({ text: 'y', editedAt: expect.any(String) })
    for (const by of [ann, moderator]) expect((await on(by, 'PATCH', vid, id, '', { text: 'z' })).status).toBe(403)
    expect(await textsOf(vid)).toEqual(['y'])
  })

  test('the owner puts one comment first: it stands once, and falls with its deletion', async () => {
    const vid = await film()
    const [old, younger] = [await say(vid, 'old'), await say(vid, 'young')]
    expect((await on(bob, 'PUT', vid, old.id, '/pin')).status).toBe(403)
    expect((await on(ann, 'PUT', vid, old.id, '/pin')).status).toBe(204)
    expect((await list(vid)).items).toMatchObject([
      { id: old.id, isPinned: true },
      { id: younger.id, isPinned: false },
    ])
    const reply = await say(vid, 'r', { replyTo: old.id })
    expect(codeOf(await on(ann, 'PUT', vid, reply.id, '/pin'))).toBe('http.wrong_fields')
    await on(ann, 'DELETE', vid, old.id, '/pin')
    expect((await list(vid)).items.every(({ isPinned }) => !isPinned)).toBe(true)
    await on(ann, 'PUT', vid, younger.id, '/pin')
    await remove(bob.call, vid, younger.id)
    expect(await textsOf(vid)).toEqual(['old'])
  })

  test('what was said under a film that is gone is gone', async () => {
    const vid = await film()
    await say(vid, 'x')
    await ann.call('DELETE', `/api/user/${ann.username}/videos/${vid}`)
    expect((await ann.call('GET', `${base}/videos/${vid}/comments`)).status).toBe(404)
  })
})
