import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { callAs, codeOf, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import type { Neighbours, OwnPlaylists, Playlist, PlaylistItems, PlaylistPage } from '#shared/api/playlists.ts'
import type { Video } from '#shared/api/videos.ts'
import { placeBetween, step } from './places.ts'

describe.each(grounds.list)('%s: playlists', (ground) => {
  let matinee: TestMatinee
  let ann: Visitor
  let bob: Visitor
  let stranger: Visitor['call']
  beforeAll(async () => {
    matinee = await startMatinee(ground, { without: ['worker'] })
    await joinAsOwner(matinee)
    ann = await join(matinee, 'ann')
    bob = await join(matinee, 'bob')
    stranger = callAs(matinee)
  })
  afterAll(() => matinee[Symbol.asyncDispose]())

  async function film(visibility = 'public', of = ann): Promise<string> {
    const { id } = (await of.call('POST', `/api/user/${of.username}/videos`, { title: visibility })).json as Video
    const source = { videoId: id, blob: `sources/${id}/1`, size: 1, type: 'video/mp4', sha256: 'a'.repeat(64), fileName: 'a.mp4' }
    await matinee.features.videos.sourceArrived(source)
    await matinee.features.videos.grew({ videoId: id, generation: 1, state: 'ready' })
    const password = visibility === 'password' ? { password: 'the back door' } : {}
    await of.call('PATCH', `/api/user/${of.username}/videos/${id}`, { visibility, ...password })
    return id
  }
  const create = async (body: object = {}) =>
    (await ann.call('POST', '/api/playlists', { title: 'A list', visibility: 'public', ...body })).json as Playlist
  const put = async (list: string, vid: string, body: object = {}, by = ann) =>
    (await by.call('PUT', `/api/playlists/${list}/items/${vid}`, body)).status
  const idsFor = async (call: Visitor['call'], list: string, query = '') =>
    ((await call('GET', `/api/playlists/${list}/items${query}`)).json as PlaylistItems).items.map(({ id }) => id)

  test('films stand in the order that they are given, each once, page by page', async () => {
    const { id } = await create()
    const [a, b, c] = [await film(), await film(), await film()]
    for (const vid of [a, b, c, a]) expect(await put(id, vid)).toBe(204)
    expect(await idsFor(stranger, id)).toEqual([a, b, c])
    await put(id, c, { after: null })
    await put(id, a, { after: b })
    expect(await idsFor(stranger, id)).toEqual([c, b, a])
    // More moves into one gap than there is room for between two.
    for (let n = 0; n < 24; n++) await put(id, n % 2 ? b : a, { after: c })
    expect(await idsFor(stranger, id)).toEqual([c, b, a])
    const first = (await stranger('GET', `/api/playlists/${id}/items?limit=2`)).json as PlaylistItems
    expect(await idsFor(stranger, id, `?limit=2&cursor=${first.nextCursor}`)).toEqual([a])
    expect(codeOf(await ann.call('PUT', `/api/playlists/${id}/items/${a}`, { after: '0'.repeat(20) }))).toBe('http.wrong_fields')
    expect((await ann.call('DELETE', `/api/playlists/${id}/items/${b}`)).status).toBe(204)
    expect((await ann.call('DELETE', `/api/playlists/${id}/items/${b}`)).status).toBe(404)
    expect([await idsFor(stranger, id), await put(id, b, {}, bob)]).toEqual([[c, a], 403])
  })

  test('[T5] a list shows each viewer what they may find, and counts nothing else; its owner also what they may see', async () => {
    const { id } = await create()
    const looks = ['private', 'public', 'members', 'unlisted', 'password'] as const
    const films = new Map<string, string>()
    for (const look of looks) {
      films.set(look, await film(look))
      await put(id, films.get(look) ?? '')
    }
    const seenBy = async (call: Visitor['call']) => {
      const ids = await idsFor(call, id)
      const list = (await call('GET', `/api/playlists/${id}`)).json as Playlist
      return { looks: looks.filter((look) => ids.includes(films.get(look) ?? '')), count: list.count, cover: list.cover?.title }
    }
    expect(await seenBy(stranger)).toEqual({ looks: ['public'], count: 1, cover: 'public' })
    expect(await seenBy(bob.call)).toEqual({ looks: ['public', 'members'], count: 2, cover: 'public' })
    expect(await seenBy(ann.call)).toEqual({ looks: [...looks], count: 5, cover: 'private' })
    const own = (await bob.call('POST', '/api/playlists', { title: 'Mine' })).json as Playlist
    expect(await put(own.id, films.get('private') ?? '', {}, bob)).toBe(404)
    expect(await put(own.id, films.get('unlisted') ?? '', {}, bob)).toBe(204)
    expect(await idsFor(bob.call, own.id)).toHaveLength(1)
    for (const call of [stranger, ann.call]) expect((await call('GET', `/api/playlists/${own.id}`)).status).toBe(404)
    expect(((await ann.call('GET', '/api/user/bob/playlists')).json as PlaylistPage).items).toEqual([])
    await bob.call('PATCH', `/api/playlists/${own.id}`, { visibility: 'unlisted' })
    expect(((await stranger('GET', `/api/playlists/${own.id}`)).json as Playlist).count, 'unlisted films are in no list of others').toBe(0)
    expect(((await ann.call('GET', '/api/user/bob/playlists')).json as PlaylistPage).items).toEqual([])
    await ann.call('DELETE', `/api/user/ann/videos/${films.get('public')}`)
    expect((await seenBy(stranger)).count).toBe(0)
  })

  test('what one wants to watch later is one list, private, the latest on top', async () => {
    const [a, b] = [await film(), await film()]
    await Promise.all([bob.call('PUT', `/api/watch-later/${a}`), bob.call('PUT', `/api/watch-later/${a}`)])
    expect((await bob.call('PUT', `/api/watch-later/${b}`)).status).toBe(204)
    expect((await bob.call('GET', '/api/watch-later')).json).toMatchObject({ items: [{ id: b }, { id: a }] })
    const { items } = (await bob.call('GET', `/api/playlists?vid=${a}`)).json as OwnPlaylists
    expect(items.filter(({ kind }) => kind === 'later')).toMatchObject([{ holds: true, visibility: 'private', count: 2 }])
    expect(
      (await bob.call('PATCH', `/api/playlists/${items.find(({ kind }) => kind === 'later')?.id}`, { visibility: 'public' })).status,
    ).toBe(404)
    await bob.call('DELETE', `/api/watch-later/${b}`)
    expect((await bob.call('GET', '/api/watch-later')).json).toMatchObject({ items: [{ id: a }] })
    expect((await stranger('GET', '/api/watch-later')).status).toBe(401)
  })

  test('a film knows what comes next in its series, and skips what the viewer may not see', async () => {
    const { id } = await create({ kind: 'series' })
    const [a, hidden, c] = [await film(), await film('private'), await film()]
    for (const [n, vid] of [a, hidden, c].entries()) await put(id, vid, { season: 1, part: n + 1 })
    const around = async (call: Visitor['call'], vid: string) => (await call('GET', `/api/videos/${vid}/neighbours`)).json as Neighbours
    expect(await around(stranger, a)).toMatchObject({
      list: { id },
      previous: null,
      current: { part: 1 },
      next: { id: c, season: 1, part: 3 },
    })
    expect(await around(ann.call, c)).toMatchObject({ previous: { id: hidden }, next: null })
    expect(codeOf(await ann.call('PUT', `/api/playlists/${id}/items/${await film('public', bob)}`, {}))).toBe('playlist.not_your_film')
    await ann.call('PATCH', `/api/playlists/${id}`, { visibility: 'private' })
    expect(await around(stranger, a)).toEqual({ list: null, previous: null, current: null, next: null })
    expect((await ann.call('DELETE', `/api/playlists/${id}`)).status).toBe(204)
    expect(await around(ann.call, a)).toMatchObject({ list: null })
  })
})

test('a place between two is found as long as there is room', () => {
  expect([placeBetween(undefined, undefined), placeBetween(undefined, 0), placeBetween(0, undefined), placeBetween(0, 2)]).toEqual([
    0,
    -step,
    step,
    1,
  ])
  expect(placeBetween(0, 1)).toBeUndefined()
})
