import { expect, test } from 'vitest'
import { startMatinee } from '#server/testing/matinee.ts'
import { callAs, codeOf, goodPassword, join, joinAsOwner } from '#server/testing/visitors.ts'

test('whatever makes something makes it once for one key, however often it is asked for', async () => {
  await using matinee = await startMatinee('embedded', { without: ['worker'] })
  const owner = await joinAsOwner(matinee)
  const alice = await join(matinee, 'alice')
  const film = (await alice.call('POST', '/user/alice/videos', { title: 'A film', visibility: 'public' })).json as { id: string }
  const source = { blob: `sources/${film.id}/1`, size: 1, type: 'video/mp4', sha256: 'a'.repeat(64), fileName: 'a.mp4' }
  await matinee.features.videos.sourceArrived({ videoId: film.id, ...source })
  await matinee.features.videos.grew({ videoId: film.id, generation: 1, state: 'ready' })
  const danmaku = { atMs: 1, text: 'once', mode: 'scroll', color: '#ffffff', size: 'normal' }
  const makers = [
    [callAs(matinee), '/user', { username: 'bob', password: goodPassword }],
    [alice.call, '/user/alice/videos', { title: 'Another film' }],
    [alice.call, `/videos/${film.id}/comments`, { text: 'once' }],
    [alice.call, `/api/videos/${film.id}/danmaku`, danmaku],
    [alice.call, '/api/playlists', { title: 'once' }],
    [owner.call, '/api/admin/invitations', { note: 'once' }],
  ] as const
  for (const [call, path, body] of makers) {
    const ask = (more = {}) => call('POST', path, { ...body, ...more }, { 'idempotency-key': 'one-key-for-each' })
    const [first, second] = [await ask(), await ask()]
    expect(first.status, first.text).toBe(201)
    expect([second.status, second.json, second.headers['idempotent-replayed']], path).toEqual([201, first.json, 'true'])
  }
  const other = await alice.call('POST', '/api/playlists', { title: 'another' }, { 'idempotency-key': 'one-key-for-each' })
  expect(codeOf(other)).toBe('http.idempotency_key_reused')
  const { items } = (await alice.call('GET', '/user/alice/videos')).json as { items: unknown[] }
  expect(items).toHaveLength(2)
})
