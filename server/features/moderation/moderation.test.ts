import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { callAs, codeOf, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import type { AuditEntry } from '#shared/api/admin.ts'
import type { Comment, CommentPage } from '#shared/api/comments.ts'
import type { CasePage, HeldPage, PersonSheet, ReportCase } from '#shared/api/moderation.ts'
import type { NoticePage } from '#shared/api/notices.ts'
import type { Video } from '#shared/api/videos.ts'

describe.each(grounds.list)('%s: moderation', (ground) => {
  let matinee: TestMatinee
  let owner: Visitor
  let moderator: Visitor
  let ann: Visitor
  let bob: Visitor
  let carl: Visitor
  let vid: string
  let round = 0

  beforeAll(async () => {
    matinee = await startMatinee(ground, { without: ['worker'] })
    owner = await joinAsOwner(matinee)
    moderator = await join(matinee, 'judge')
    await owner.call('PUT', `/api/admin/people/${moderator.id}/role`, { role: 'moderator' })
    // The role is in the session, which was ended by the change.
    const { json } = await matinee.inject({ method: 'POST', path: '/user/judge', body: { password: 'seven lanterns by the sea' } })
    moderator = { ...moderator, call: callAs(matinee, (json as { token: string }).token) }
  })
  beforeEach(async () => {
    round++
    const names = ['ann', 'bob', 'carl'].map((name) => join(matinee, `${name}${round}`, { from: `192.0.2.${round}` }))
    ;[ann, bob, carl] = (await Promise.all(names)) as [Visitor, Visitor, Visitor]
    // Who has just come in is known everywhere a moment later: pages look up names where a replica may lag.
    for (const one of [ann, bob, carl])
      await vi.waitFor(async () => expect((await moderator.call('GET', `/api/user/${one.username}`)).status).toBe(200), {
        timeout: 60_000,
        interval: 50,
      })
    vid = await film()
  })
  afterAll(() => matinee[Symbol.asyncDispose]())

  async function film(): Promise<string> {
    const draft = await ann.call('POST', `/api/user/${ann.username}/videos`, { title: 'A film', visibility: 'public' })
    expect(draft.status, draft.text).toBe(201)
    const { id } = draft.json as Video
    const source = { videoId: id, blob: `sources/${id}/1`, size: 1, type: 'video/mp4', sha256: 'a'.repeat(64), fileName: 'a.mp4' }
    await matinee.features.videos.sourceArrived(source)
    await matinee.features.videos.grew({ videoId: id, generation: 1, state: 'ready', facts: { durationMs: 100_000 } })
    return id
  }
  const change = (body: object) => ann.call('PATCH', `/api/user/${ann.username}/videos/${vid}`, body)
  const post = (by: Visitor, text: string, replyTo?: string) =>
    by.call('POST', `/api/videos/${vid}/comments`, { text, ...(replyTo ? { replyTo } : {}) })
  const say = async (by: Visitor, text: string, replyTo?: string) => {
    const answer = await post(by, text, replyTo)
    expect(answer.status, answer.text).toBe(201)
    return answer.json as Comment
  }
  const list = async (by: Visitor, query = '') => (await by.call('GET', `/api/videos/${vid}/comments${query}`)).json as CommentPage
  const textsFor = async (by: Visitor, query = '') => (await list(by, query)).items.map(({ text }) => text)
  const report = (by: Visitor, place: string, body: object = { reason: 'spam', note: 'look' }) =>
    by.call('POST', `/api/${place}/report`, body)
  const caseOf = async (id: string, query = '') =>
    ((await moderator.call('GET', `/api/moderation/cases${query}`)).json as CasePage).items.find(({ thingId }) => thingId === id)
  const decide = (id: string, what: string) => moderator.call('POST', `/api/moderation/cases/${id}/decide`, { what, why: 'The rules' })
  const hears = (who: Visitor, notice: object) =>
    vi.waitFor(
      async () =>
        expect(((await who.call('GET', '/api/notices')).json as NoticePage).items).toEqual(
          expect.arrayContaining([expect.objectContaining(notice)]),
        ),
      { timeout: 60_000, interval: 100 },
    )
  const actions = async () =>
    ((await owner.call('GET', '/api/admin/audit')).json as { items: AuditEntry[] }).items.map(({ action, subject }) => [
      action,
      subject?.name,
    ])

  test('many reports of one thing are one case, decided once; its author hears why, and the log knows', async () => {
    const { id } = await say(bob, 'buy this')
    const place = `videos/${vid}/comment/${id}`
    for (const by of [carl, carl, ann]) expect((await report(by, place)).status).toBe(204)
    expect((await report(bob, place)).status, 'one’s own').toBe(400)
    expect((await report(carl, place, { reason: 'odd' })).status).toBe(400)
    const found = await caseOf(id)
    expect(found).toMatchObject({ thing: 'comment', text: 'buy this', by: { username: bob.username }, count: 2, videoTitle: 'A film' })
    expect(found?.reports.map(({ reporter }) => reporter?.username).toSorted()).toEqual([ann.username, carl.username])
    expect((await bob.call('GET', '/api/moderation/cases')).status).toBe(403)
    const answer = await decide(found?.id ?? '', 'remove')
    expect(answer.json).toMatchObject({ state: 'upheld', text: null, decision: { what: 'remove', why: 'The rules' } } satisfies
      | Partial<ReportCase>
      | object)
    expect(codeOf(await decide(found?.id ?? '', 'dismiss'))).toBe('moderation.decided')
    expect(await textsFor(carl)).toEqual([])
    await hears(bob, { kind: 'moderated', text: 'The rules' })
    expect(await actions()).toContainEqual(['case.remove', 'buy this'])
    expect(await caseOf(id, '?state=upheld')).toBeDefined()
    expect((await moderator.call('GET', `/api/moderation/people/${bob.username}`)).json).toMatchObject({
      counts: { upheld: 1, comments: 0 },
    })
  })

  test('[T5] what one does not see one cannot report, and learns nothing of', async () => {
    const { id } = await say(bob, 'x')
    await change({ visibility: 'private' })
    for (const place of [`videos/${vid}`, `videos/${vid}/comment/${id}`, `videos/${vid}/danmaku/${id}`])
      expect((await report(carl, place)).status, place).toBe(404)
    expect((await report(carl, `user/nobody${round}`)).status).toBe(404)
  })

  test('[T5] a film that moderators hide is nowhere, whatever its owner says, and comes back as it was', async () => {
    await report(bob, `videos/${vid}`)
    const statuses = async () => Promise.all([bob, ann, moderator].map(async (by) => (await by.call('GET', `/api/videos/${vid}`)).status))
    await decide((await caseOf(vid))?.id ?? '', 'hide')
    expect(await statuses()).toEqual([404, 200, 200])
    expect((await change({ title: 'Still mine' })).json).toMatchObject({ isHidden: true, title: 'Still mine' })
    expect(codeOf(await change({ visibility: 'public' }))).toBe('video.hidden')
    expect((await moderator.call('DELETE', `/api/moderation/videos/${vid}/hidden`)).status).toBe(204)
    expect(await statuses()).toEqual([200, 200, 200])
    expect((await ann.call('GET', `/api/videos/${vid}`)).json).toMatchObject({ visibility: 'public', isHidden: false })
  })

  test('who is muted says nothing anywhere, for as long as it holds', async () => {
    const place = `/api/moderation/people/${bob.username}/mute`
    const own = await say(bob, 'before')
    expect((await moderator.call('PUT', place, { why: 'Enough', until: '2001-01-01T00:00:00.000Z' })).status).toBe(400)
    expect((await moderator.call('PUT', place, { why: 'Enough', until: '2999-01-01T00:00:00.000Z' })).status).toBe(204)
    expect(codeOf(await post(bob, 'x'))).toBe('conduct.muted')
    expect(codeOf(await bob.call('PATCH', `/api/videos/${vid}/comment/${own.id}`, { text: 'y' }))).toBe('conduct.muted')
    expect(codeOf(await bob.call('POST', `/api/videos/${vid}/danmaku`, { atMs: 1, text: 'x' }))).toBe('conduct.muted')
    const sheet = (await moderator.call('GET', `/api/moderation/people/${bob.username}`)).json as PersonSheet
    expect(sheet).toMatchObject({ mute: { why: 'Enough' }, may: ['mute'], comments: [{ text: 'before' }] })
    expect((await moderator.call('DELETE', place)).status).toBe(204)
    expect((await post(bob, 'again')).status).toBe(201)
    for (const name of ['owner', 'judge'])
      expect((await moderator.call('PUT', `/api/moderation/people/${name}/mute`, { why: 'x' })).status, name).toBe(403)
  })

  test('[T5] what waits is seen by its author and the keepers alone, counts nowhere, and reaches others when it is let through', async () => {
    await change({ commentRule: 'review' })
    const { id, isHeld } = await say(bob, `hello @${carl.username}`)
    expect(isHeld).toBe(true)
    expect([await textsFor(bob), await textsFor(carl), (await list(bob)).total]).toEqual([[`hello @${carl.username}`], [], 0])
    for (const what of ['/like', '/report'])
      expect(
        (
          await carl.call(
            what === '/like' ? 'PUT' : 'POST',
            `/api/videos/${vid}/comment/${id}${what}`,
            what === '/like' ? undefined : { reason: 'spam' },
          )
        ).status,
      ).toBe(404)
    expect((await post(carl, 'x', id)).status).toBe(400)
    await hears(ann, { kind: 'held', commentId: id })
    const held = (await ann.call('GET', '/api/moderation/held')).json as HeldPage
    expect(held.items).toMatchObject([{ comment: { id, author: { username: bob.username } }, video: { id: vid }, why: 'review' }])
    expect(((await carl.call('GET', '/api/moderation/held')).json as HeldPage).items).toEqual([])
    const approve = (by: Visitor) => by.call('PUT', `/api/videos/${vid}/comment/${id}/approval`)
    expect([(await approve(carl)).status, (await approve(ann)).status, (await approve(ann)).status]).toEqual([404, 204, 204])
    expect([await textsFor(carl), (await list(carl)).total]).toEqual([[`hello @${carl.username}`], 1])
    await hears(carl, { kind: 'mention', commentId: id })
    expect((await say(ann, 'the owner says what they like')).isHeld).toBe(false)
  })

  test('a blocked word makes a comment wait, of the house or of the film, written or edited, and counts stay right', async () => {
    await moderator.call('PUT', '/api/moderation/words', { words: ['casino'] })
    await change({ blockedWords: ['博彩'] })
    const root = await say(bob, 'fine')
    const reply = await say(carl, 'CASINO!', root.id)
    expect([reply.isHeld, (await list(bob)).items[0]?.replies, await textsFor(bob, `?repliesTo=${root.id}`)]).toEqual([true, 0, []])
    expect(await textsFor(carl, `?repliesTo=${root.id}`)).toEqual(['CASINO!'])
    await ann.call('PUT', `/api/videos/${vid}/comment/${reply.id}/approval`)
    expect((await list(bob)).items[0]?.replies).toBe(1)
    expect((await bob.call('PATCH', `/api/videos/${vid}/comment/${root.id}`, { text: '來博 彩吧' })).json).toMatchObject({ isHeld: true })
    expect([await textsFor(carl), (await list(carl)).total]).toEqual([[], 1])
    expect((await bob.call('DELETE', `/api/videos/${vid}/comment/${root.id}`)).status).toBe(204)
    await moderator.call('PUT', '/api/moderation/words', { words: [] })
    expect((await say(carl, 'casino')).isHeld).toBe(false)
  })

  test('what moderators have hidden they alone let through', async () => {
    const { id } = await say(bob, 'x')
    await report(carl, `videos/${vid}/comment/${id}`)
    await decide((await caseOf(id))?.id ?? '', 'hide')
    expect([await textsFor(carl), await textsFor(bob)]).toEqual([[], ['x']])
    expect((await ann.call('PUT', `/api/videos/${vid}/comment/${id}/approval`)).status).toBe(403)
    expect((await moderator.call('PUT', `/api/videos/${vid}/comment/${id}/approval`)).status).toBe(204)
    expect(await textsFor(carl)).toEqual(['x'])
  })

  test('a comment names persons and moments of the film; of whom one blocks there is nothing', async () => {
    const text = `@${bob.username} at 0:05, not 9:59 or @nobody-here`
    expect(await say(carl, text)).toMatchObject({
      mentions: [{ start: 0, end: bob.username.length + 1, username: bob.username }],
      times: [{ atMs: 5000 }],
    })
    await hears(bob, { kind: 'mention' })
    await bob.call('PUT', `/api/user/${carl.username}/block`)
    expect([await textsFor(bob), await textsFor(ann)]).toEqual([[], [text]])
  })
})
