import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { createShow, type Show } from '#server/testing/show.ts'
import { connectSocket } from '#server/testing/socket-client.ts'
import { callAs, codeOf, fieldsOf, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import type { Danmaku, DanmakuList, DanmakuPacket } from '#shared/api/danmaku.ts'

describe.each(grounds.list)('%s: danmaku', (ground) => {
  let matinee: TestMatinee
  let moderator: Visitor
  let ann: Visitor
  let bob: Visitor
  let carl: Visitor
  let stranger: Visitor['call']
  let show: Show

  beforeAll(async () => {
    matinee = await startMatinee(ground, { without: ['worker'] })
    moderator = await joinAsOwner(matinee)
    ann = await join(matinee, 'ann')
    bob = await join(matinee, 'bob')
    carl = await join(matinee, 'carl')
    stranger = callAs(matinee)
    show = createShow(matinee, ann)
  })
  afterAll(() => matinee[Symbol.asyncDispose]())

  const film = () => show.film({ title: 'A film', durationMs: 120_000 })
  const send = (by: Visitor['call'], vid: string, body: object) => by('POST', `/api/videos/${vid}/danmaku`, body)
  async function fly(by: Visitor, vid: string, text: string, atMs = 1000, more = {}): Promise<Danmaku> {
    const answer = await send(by.call, vid, { atMs, text, ...more })
    expect(answer.status, answer.text).toBe(201)
    return answer.json as Danmaku
  }
  const span = async (by: Visitor['call'], vid: string, query = '') =>
    (await by('GET', `/api/videos/${vid}/danmaku${query}`)).json as DanmakuPacket
  /** Packets may be a second old. */
  const seen = async (by: Visitor['call'], vid: string, texts: string[]) => {
    await expect.poll(async () => (await span(by, vid)).items.map(({ text }) => text)).toEqual(texts)
  }

  test('201 shows what was sent; the span that holds its moment has it, and no other has', async () => {
    const vid = await film()
    const text = '<b>前方高能</b>'
    const sent = await fly(bob, vid, text, 35_000, { mode: 'top', color: '#FF8800', size: 'large' })
    expect(sent).toMatchObject({ text, atMs: 35_000, mode: 'top', color: '#ff8800', size: 'large', likes: 0, count: 1 })
    expect(await fly(bob, vid, 'plain')).toMatchObject({ mode: 'scroll', color: '#ffffff', size: 'normal' })
    await seen(stranger, vid, ['plain', text])
    expect(await span(stranger, vid, '?fromMs=30000&toMs=60000')).toMatchObject({ items: [sent], fromMs: 30_000, toMs: 60_000, total: 2 })
    expect(await span(stranger, vid, '?fromMs=0&toMs=1')).toMatchObject({ items: [{ text: 'plain' }], toMs: 30_000 })
    const { own, heat } = await span(bob.call, vid)
    expect([own.length, heat.length, Math.max(...heat)]).toEqual([2, 100, 100])
    expect((await span(carl.call, vid)).own).toEqual([])
  })

  test('400 names what is wrong, 401 for strangers, 403 where it is switched off, 404 over what one may not see, 409 for the same again', async () => {
    const vid = await film()
    expect((await send(stranger, vid, { atMs: 0, text: 'x' })).status).toBe(401)
    expect(fieldsOf(await send(bob.call, vid, { atMs: 0, text: ' \u200b ' }))).toEqual(['text: danmaku.empty'])
    expect(fieldsOf(await send(bob.call, vid, { atMs: 120_001, text: 'x' }))).toEqual(['atMs: danmaku.beyond'])
    for (const wrong of [{ text: 'x' }, { atMs: -1, text: 'x' }, { atMs: 0, text: 'x'.repeat(101) }, { atMs: 0, text: 'x', mode: 'left' }])
      expect((await send(bob.call, vid, wrong)).status, JSON.stringify(wrong)).toBe(400)
    for (const color of ['red', '#fff', '#ffffff"', 'url(x)'])
      expect((await send(bob.call, vid, { atMs: 0, text: 'x', color })).status).toBe(400)
    await fly(bob, vid, 'Once')
    expect(codeOf(await send(bob.call, vid, { atMs: 9000, text: 'ONCE' }))).toBe('danmaku.said_already')
    await show.change(vid, { isDanmakuOn: false })
    expect(codeOf(await send(bob.call, vid, { atMs: 0, text: 'off' }))).toBe('danmaku.off')
    expect(await span(bob.call, vid)).toMatchObject({ items: [], isOn: false, total: 0 })
    const hidden = await show.film({ title: 'Hidden', visibility: 'private' })
    expect((await send(bob.call, hidden, { atMs: 0, text: 'x' })).status).toBe(404)
    expect((await bob.call('GET', `/api/videos/${hidden}/danmaku`)).status).toBe(404)
  })

  test('one takes back one’s own; the film’s owner and moderators take any away; others nothing; gone is gone', async () => {
    const vid = await film()
    const remove = async (by: Visitor['call'], id: string) => (await by('DELETE', `/api/videos/${vid}/danmaku/${id}`)).status
    const [one, two, three] = [await fly(bob, vid, 'one'), await fly(bob, vid, 'two'), await fly(bob, vid, 'three')]
    expect(await remove(carl.call, one.id)).toBe(403)
    expect(await remove(stranger, one.id)).toBe(401)
    expect([await remove(bob.call, one.id), await remove(ann.call, two.id), await remove(moderator.call, three.id)]).toEqual([
      204, 204, 204,
    ])
    expect(await remove(bob.call, one.id)).toBe(404)
    expect(await span(bob.call, vid)).toMatchObject({ items: [], total: 0, heat: [] })
  })

  test('a like counts once a person, and each hides whom they blocked', async () => {
    const vid = await film()
    const { id } = await fly(bob, vid, 'like me')
    const like = (by: Visitor, method = 'PUT') => by.call(method, `/api/videos/${vid}/danmaku/${id}/like`)
    await Promise.all([like(ann), like(ann), like(carl), like(carl)])
    await expect.poll(async () => (await span(ann.call, vid)).items[0]?.likes).toBe(2)
    expect((await span(ann.call, vid)).liked).toEqual([id])
    await like(ann, 'DELETE')
    await expect.poll(async () => (await span(ann.call, vid)).items[0]?.likes).toBe(1)
    await carl.call('PUT', '/api/user/bob/block')
    expect((await span(carl.call, vid)).items).toEqual([])
    await carl.call('DELETE', '/api/user/bob/block')
    expect((await span(carl.call, vid)).items).toHaveLength(1)
  })

  test('the list pages by moment; who sent it is for the film’s keepers alone', async () => {
    const vid = await film()
    for (const atMs of [3000, 1000, 2000]) await fly(bob, vid, `at ${atMs}`, atMs)
    const list = async (by: Visitor['call'], query = '') => (await by('GET', `/api/videos/${vid}/danmaku/list${query}`)).json as DanmakuList
    const first = await list(stranger, '?limit=2')
    const rest = await list(stranger, `?limit=2&cursor=${first.nextCursor}`)
    expect([...first.items, ...rest.items].map(({ atMs }) => atMs)).toEqual([1000, 2000, 3000])
    expect(first.items[0]?.author).toBeNull()
    expect((await list(ann.call)).items[0]?.author).toMatchObject({ username: 'bob' })
    const senders = new Set((await list(stranger)).items.map(({ by }) => by))
    expect([senders.size, [...senders].join().includes(bob.id)]).toEqual([1, false])
  })

  test('what goes out as XML or ASS comes back in, as text, with its moment, mode and colour', async () => {
    const vid = await film()
    await fly(bob, vid, 'a < b & "c" {x}', 61_500, { mode: 'bottom', color: '#102030' })
    const file = (format: string, call = stranger, of = vid) => call('GET', `/api/videos/${of}/danmaku/file?format=${format}`)
    const back = async (text: string, call = ann.call) => {
      const to = await film()
      return { to, answer: await call('POST', `/api/videos/${to}/danmaku/file`, Buffer.from(text)) }
    }
    const xml = await file('xml')
    expect(xml.headers['content-type']).toBe('application/xml; charset=utf-8')
    for (const { text } of [xml, await file('ass')]) {
      const { to, answer } = await back(text)
      expect([answer.status, answer.json]).toEqual([200, { added: 1, passedOver: 0 }])
      const [one] = (await span(stranger, to)).items
      expect(one).toMatchObject({ atMs: 61_500, mode: 'bottom', color: '#102030' })
      expect(one?.text.replaceAll('｛', '{').replaceAll('｝', '}')).toBe('a < b & "c" {x}')
    }
    const bilibili =
      '<?xml version="1.0"?><!DOCTYPE i [<!ENTITY e SYSTEM "file:///etc/passwd">]><i><d p="12.5,4,25,255,0,0,abc,1">&e;泪目&#65;</d><d p="999,1,25,0,0,0,a,2">late</d></i>'
    const { to, answer } = await back(bilibili)
    expect(answer.json).toEqual({ added: 1, passedOver: 1 })
    expect((await span(stranger, to)).items).toMatchObject([{ atMs: 12_500, text: '&e;泪目A', mode: 'bottom', color: '#0000ff' }])
    expect(codeOf((await back('hello')).answer)).toBe('danmaku.unreadable')
    expect((await back(bilibili, bob.call)).answer.status).toBe(403)
  })

  test('what is sent reaches whoever watches, and nobody who may not see the film', async () => {
    const vid = await film()
    const hidden = await show.film({ title: 'Hidden', visibility: 'private' })
    const port = Number(new URL(await matinee.url()).port)
    using watcher = await connectSocket(port)
    await watcher.next('socket.welcome')
    expect((await watcher.ask('socket.subscribe', { topic: `video:${hidden}` })).problem?.kind).toBe('not_found')
    expect((await watcher.ask('socket.subscribe', { topic: `video:${vid}` })).problem).toBeUndefined()
    const sent = await fly(bob, vid, '来了')
    expect((await watcher.next('video.danmaku')).d).toEqual(sent)
    await bob.call('DELETE', `/api/videos/${vid}/danmaku/${sent.id}`)
    expect((await watcher.next('video.danmaku-gone')).d).toEqual({ id: sent.id })
    await show.change(vid, { visibility: 'private' })
    expect((await watcher.next('socket.left')).d).toMatchObject({ topic: `video:${vid}` })
    expect((await watcher.ask('socket.subscribe', { topic: `video:${vid}` })).problem?.kind).toBe('not_found')
  })
})
