import { describe, expect, test, vi } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee } from '#server/testing/matinee.ts'
import { callAs, goodPassword, join, joinAsOwner } from '#server/testing/visitors.ts'
import type { Comment } from '#shared/api/comments.ts'
import type { Danmaku } from '#shared/api/danmaku.ts'
import type { Video } from '#shared/api/videos.ts'

describe.each(grounds.list)('%s: one’s own data', (ground) => {
  test('[T6] leave as one file with all that is one’s own, no secret, and nothing of others', async () => {
    await using matinee = await startMatinee(ground, { without: ['worker'] })
    await joinAsOwner(matinee)
    const [ann, bob] = [await join(matinee, 'ann'), await join(matinee, 'bob')]
    const { id } = (await ann.call('POST', '/api/user/ann/videos', { title: 'Ann’s film', visibility: 'public', tags: ['Noir'] }))
      .json as Video
    const source = { videoId: id, blob: `sources/${id}/1`, size: 1, type: 'video/mp4', sha256: 'a'.repeat(64), fileName: 'a.mp4' }
    await matinee.features.videos.sourceArrived(source)
    await matinee.features.videos.grew({ videoId: id, generation: 1, state: 'ready' })
    const said = (await bob.call('POST', `/api/videos/${id}/comments`, { text: 'Bob’s word' })).json as Comment
    await ann.call('POST', `/api/videos/${id}/comments`, { text: 'Ann’s word', replyTo: said.id })
    for (const text of ['one', 'two']) await ann.call('POST', `/api/videos/${id}/danmaku`, { atMs: 1, text })
    const flown = (await bob.call('POST', `/api/videos/${id}/danmaku`, { atMs: 1, text: 'Bob’s flight' })).json as Danmaku
    await ann.call('PUT', `/api/videos/${id}/comment/${said.id}/like`)
    await ann.call('PUT', `/api/videos/${id}/danmaku/${flown.id}/like`)
    await ann.call('PUT', `/api/videos/${id}/like`)
    await ann.call('PUT', '/api/user/bob/follow')
    await ann.call('PUT', `/api/watch-later/${id}`)
    // Told behind the answer to whoever gave the cause.
    const isTold = { json: { items: expect.arrayContaining([expect.objectContaining({ kind: 'comment' })]) } }
    await vi.waitFor(async () => expect(await ann.call('GET', '/api/notices')).toMatchObject(isTold), { timeout: 60_000 })
    const answer = await ann.call('GET', '/api/me/export')
    expect([answer.status, answer.headers['content-disposition']]).toEqual([200, 'attachment; filename="matinee-export.json"'])
    const whole = JSON.parse(answer.text) as Record<string, unknown[]>
    expect(whole).toMatchObject({
      format: 'matinee-export-1',
      profile: { name: 'ann' },
      videos: [{ id, title: 'Ann’s film', tags: ['Noir'] }],
      comments: [{ text: 'Ann’s word' }],
      danmaku: [{ text: 'one' }, { text: 'two' }],
      likes: [{ video_id: id }],
      commentLikes: [{ comment_id: said.id }],
      danmakuLikes: [{ danmaku_id: flown.id }],
      devices: [{ created_ms: expect.any(Number) }],
      following: [{ followed_id: bob.id }],
      notices: expect.arrayContaining([expect.objectContaining({ kind: 'comment', video_id: id, is_read: 0 })]),
      playlists: [{ kind: 'later', items: [{ video_id: id }] }],
    })
    for (const text of ['Bob’s word', 'Bob’s flight']) expect(answer.text).not.toContain(text)
    expect(answer.text).not.toContain(goodPassword)
    expect(answer.text).not.toMatch(/argon2|password|secret|token/i)
    expect(JSON.parse((await bob.call('GET', '/api/me/export')).text)).toMatchObject({
      videos: [],
      comments: [{ text: 'Bob’s word' }],
      danmaku: [{ text: 'Bob’s flight' }],
    })
    expect((await callAs(matinee)('GET', '/api/me/export')).status).toBe(401)
  })
})
