import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { callAs, codeOf, cookieOf, fieldsOf, goodPassword, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import type { DeletedVideoList, Video, VideoPage } from '#shared/api/videos.ts'

const places = [['embedded', ''] as const, ...grounds.list.map((ground) => [ground, '/api'] as const)]

describe.each(places)('%s: the contract of a user’s videos at "%s/user"', (ground, base) => {
  let matinee: TestMatinee
  let admin: Visitor
  let ann: Visitor
  let bob: Visitor
  let stranger: Visitor['call']

  beforeAll(async () => {
    matinee = await startMatinee(ground, { without: ['worker'] })
    admin = await joinAsOwner(matinee)
    stranger = callAs(matinee)
  })
  beforeAll(async () => {
    ann = await join(matinee, 'ann')
    bob = await join(matinee, 'bob')
  })
  afterAll(() => matinee[Symbol.asyncDispose]())

  const of = (visitor: Visitor, vid = '') => `${base}/user/${visitor.username}/videos${vid && `/${vid}`}`
  const create = async (body: object = { title: 'A film' }) => (await ann.call('POST', of(ann), body)).json as Video
  /** A film that plays, of this visibility. */
  async function film(set: object): Promise<string> {
    const { id } = await create()
    const blob = `sources/${id}/1`
    await matinee.features.videos.sourceArrived({
      videoId: id,
      blob,
      size: 1,
      type: 'video/mp4',
      sha256: 'a'.repeat(64),
      fileName: 'a.mp4',
    })
    await matinee.features.videos.grew({ videoId: id, generation: 1, state: 'ready' })
    expect((await ann.call('PATCH', of(ann, id), set)).status).toBe(200)
    return id
  }
  const statuses = async (path: string) =>
    Promise.all([stranger, bob.call, ann.call, admin.call].map(async (call) => (await call('GET', path)).status))
  const idsFor = async (call: Visitor['call'], query = '') =>
    ((await call('GET', `${of(ann)}${query}`)).json as VideoPage).items.map(({ id }) => id)

  test('POST 201: a draft, private, with its tags once each; fields that nobody knows are ignored', async () => {
    const body = { title: '  The\nfilm ', description: 'a\r\nb', tags: ['#Noir', 'noir', ' ', '科幻'], state: 'ready', ownerId: bob.id }
    const answer = await ann.call('POST', of(ann), body)
    expect(answer.status).toBe(201)
    expect(answer.json).toMatchObject({
      title: 'The film',
      description: 'a\nb',
      tags: ['Noir', '科幻'],
      state: 'draft',
      visibility: 'private',
      owner: { username: ann.username },
      progress: { cellsDone: 0, cellsPlanned: 0, secondsLeft: null },
      failure: null,
    })
  })

  test('POST 400 names what is wrong, 401 for strangers, 403 in another’s name, 404 in nobody’s', async () => {
    expect(fieldsOf(await ann.call('POST', of(ann), { visibility: 'secret', tags: 'x' }))).toHaveLength(3)
    expect(fieldsOf(await ann.call('POST', of(ann), { title: '\u200b' }))).toEqual(['title: video.title_empty'])
    expect((await stranger('POST', of(ann), { title: 'x' })).status).toBe(401)
    expect((await bob.call('POST', of(ann), { title: 'x' })).status).toBe(403)
    expect((await bob.call('POST', `${base}/user/nobody-here/videos`, { title: 'x' })).status).toBe(404)
  })

  test.each([
    ['public', [200, 200, 200, 200], [true, true]],
    ['members', [404, 200, 200, 200], [false, true]],
    ['unlisted', [200, 200, 200, 200], [false, false]],
    ['private', [404, 404, 200, 200], [false, false]],
    ['password', [404, 404, 200, 200], [false, false]],
  ])('a film that is %s is shown to those it is for, and listed only where it may be found', async (visibility, shown, listed) => {
    const vid = await film({ visibility, ...(visibility === 'password' ? { password: 'open sesame' } : {}) })
    expect(await statuses(of(ann, vid))).toEqual(shown)
    expect(await statuses(`/api/videos/${vid}`)).toEqual(shown)
    expect([(await idsFor(stranger)).includes(vid), (await idsFor(bob.call)).includes(vid)]).toEqual(listed)
    expect(await idsFor(ann.call)).toContain(vid)
  })

  test('a film whose hour has not come, and one that does not play yet, are there for their keepers alone', async () => {
    const later = await film({ visibility: 'public', publishAt: new Date(Date.now() + 3_600_000).toISOString() })
    const draft = await create({ title: 'x', visibility: 'public' })
    for (const vid of [later, draft.id]) {
      expect(await statuses(of(ann, vid))).toEqual([404, 404, 200, 200])
      expect(await idsFor(bob.call)).not.toContain(vid)
    }
    await ann.call('PATCH', of(ann, later), { publishAt: new Date(Date.now() - 1000).toISOString() })
    expect(await idsFor(stranger)).toContain(later)
  })

  test('progress, failures and names of files are for keepers; answers are for nobody’s shared cache', async () => {
    const vid = await film({ visibility: 'public' })
    const [own, seen] = [await ann.call('GET', of(ann, vid)), await stranger('GET', of(ann, vid))]
    expect(own.json).toMatchObject({ fileName: 'a.mp4', progress: { cellsDone: 0 } })
    expect(seen.json).toMatchObject({ fileName: null, progress: null, failure: null })
    for (const { headers } of [own, seen]) expect(headers['cache-control']).toContain('private')
    await matinee.features.videos.grew({ videoId: vid, generation: 1, state: 'failed', failure: { code: 'media.odd', log: 'inner words' } })
    const failed = await ann.call('GET', of(ann, vid), undefined, { 'accept-language': 'zh-TW' })
    expect((failed.json as Video).failure).toEqual({ code: 'media.odd', text: expect.stringMatching(/\S/) })
    expect(failed.text).not.toContain('inner words')
  })

  test('a password opens its film for whoever shows it, and no other; a new password closes it again', async () => {
    const vid = await film({ visibility: 'password', password: 'open sesame' })
    const other = await film({ visibility: 'password', password: 'open sesame' })
    const unlock = (id: string, password: string) => stranger('POST', `/api/videos/${id}/unlock`, { password })
    expect(codeOf(await unlock(vid, 'wrong'))).toBe('video.password_wrong')
    const cookie = cookieOf(await unlock(vid, 'open sesame'))
    const see = async (id: string, shown: string) => (await stranger('GET', `/api/videos/${id}`, undefined, { cookie: shown })).status
    expect([await see(vid, cookie), await see(other, cookie), await see(other, cookie.replace(vid, other))]).toEqual([200, 404, 404])
    expect(await see(vid, cookie.replace('=1', '=9'))).toBe(404)
    await ann.call('PATCH', of(ann, vid), { password: 'another one' })
    expect(await see(vid, cookie)).toBe(404)
    expect(fieldsOf(await ann.call('PATCH', of(ann, (await create()).id), { visibility: 'password' }))).toEqual([
      'password: field.required',
    ])
  })

  test('PATCH 200 changes what is given; 400, 401, 403, 404', async () => {
    const vid = await film({ visibility: 'public' })
    const answer = await ann.call('PATCH', of(ann, vid), { title: 'New', language: 'zh-TW', tags: ['b', 'a'], unknown: 1 })
    expect(answer.json).toMatchObject({ title: 'New', language: 'zh-TW', tags: ['b', 'a'], visibility: 'public' })
    expect((await ann.call('PATCH', of(ann, vid), { title: '' })).status).toBe(400)
    expect((await stranger('PATCH', of(ann, vid), { title: 'x' })).status).toBe(401)
    expect((await bob.call('PATCH', of(ann, vid), { title: 'x' })).status).toBe(403)
    expect((await ann.call('PATCH', of(bob, vid), { title: 'x' })).status).toBe(404)
    expect((await ann.call('GET', of(ann, 'x'))).status).toBe(400)
  })

  test('DELETE 204 and gone from everywhere; 401, 403, 404', async () => {
    const vid = await film({ visibility: 'public' })
    expect((await stranger('DELETE', of(ann, vid))).status).toBe(401)
    expect((await bob.call('DELETE', of(ann, vid))).status).toBe(403)
    expect((await ann.call('DELETE', of(ann, (await create()).id.replaceAll(/./g, '0')))).status).toBe(404)
    expect((await ann.call('DELETE', of(ann, vid))).status).toBe(204)
    expect(await statuses(of(ann, vid))).toEqual([404, 404, 404, 404])
    expect(await idsFor(ann.call)).not.toContain(vid)
    expect((await ann.call('DELETE', of(ann, vid))).status).toBe(404)
  })

  test('what was thrown away can be had back for a day, by its keepers, as it was', async () => {
    const vid = await film({ visibility: 'public' })
    const deletedIds = async (call: Visitor['call']) =>
      ((await call('GET', `/api/user/${ann.username}/videos/deleted`)).json as DeletedVideoList).items.map(({ id }) => id)
    const restore = async (call: Visitor['call'], id = vid) => (await call('POST', `/api/user/${ann.username}/videos/${id}/restore`)).status
    expect(await restore(ann.call), 'what is there').toBe(404)
    await ann.call('DELETE', of(ann, vid))
    expect(await deletedIds(ann.call)).toContain(vid)
    expect(await deletedIds(bob.call)).toEqual([])
    expect([await restore(stranger), await restore(bob.call), await restore(ann.call)]).toEqual([401, 404, 200])
    expect(await statuses(of(ann, vid))).toEqual([200, 200, 200, 200])
    expect(await deletedIds(ann.call)).not.toContain(vid)
    await ann.call('DELETE', of(ann, vid))
    expect((await bob.call('DELETE', `${of(ann, vid)}?now=true`)).status).toBe(404)
    expect((await ann.call('DELETE', `${of(ann, vid)}?now=true`)).status).toBe(204)
    expect(await deletedIds(ann.call)).not.toContain(vid)
    expect(await restore(ann.call)).toBe(404)
  })

  test('what the owner marks in a film goes with it to whoever sees it', async () => {
    const vid = await film({ visibility: 'public' })
    const marks = { trimStartMs: 0, trimEndMs: 9000, introStartMs: null, introEndMs: 500, creditsMs: null }
    const chapters = [
      { startMs: 5000, title: 'Later' },
      { startMs: 0, title: ' First ' },
    ]
    const more = { cast: [{ name: 'A. Actor', part: 'the king' }], year: 1949, embedding: 'nobody', isDownloadable: true }
    const answer = await ann.call('PATCH', of(ann, vid), { marks, chapters, ...more, blockedWords: ['Casino', 'ＣＡＳＩＮＯ'] })
    expect([answer.status, answer.json]).toMatchObject([200, { marks, ...more, blockedWords: ['ＣＡＳＩＮＯ'] }])
    const { json } = await stranger('GET', `/api/videos/${vid}`)
    expect(json).toMatchObject({ marks, ...more, chapters: [{ startMs: 0, title: 'First' }, { title: 'Later' }], blockedWords: null })
    await matinee.features.videos.grew({ videoId: vid, generation: 1, facts: { chapters: [{ startMs: 1, title: 'of the file' }] } })
    expect((await ann.call('PATCH', of(ann, vid), { chapters: null, marks: null })).json).toMatchObject({
      chapters: [{ title: 'of the file' }],
      marks: null,
    })
    expect((await ann.call('PATCH', of(ann, vid), { marks: { ...marks, trimStartMs: 9000 } })).status).toBe(400)
    expect((await ann.call('PATCH', of(ann, vid), { embedSites: [['javascript', 'alert(1)'].join(':')] })).status).toBe(400)
  })

  test('a list goes on where it ended, newest first, each once', async () => {
    const carl = await join(matinee, `carl${base.length}`)
    const made: string[] = []
    for (let n = 0; n < 5; n++) made.push(((await carl.call('POST', of(carl), { title: `${n}` })).json as Video).id)
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = (await carl.call('GET', `${of(carl)}?limit=2${cursor && `&cursor=${cursor}`}`)).json as VideoPage
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(made.toSorted().reverse())
    expect((await carl.call('GET', `${of(carl)}?cursor=bad`)).status).toBe(400)
    expect((await carl.call('GET', '/api/me/closing')).json).toMatchObject({ goes: [{ kind: 'videos', count: 5 }] })
    expect((await stranger('DELETE', `${base}/user/${carl.username}`, { password: goodPassword })).status).toBe(401)
  })
})
