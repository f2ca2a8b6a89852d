import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { createShow, type Show } from '#server/testing/show.ts'
import { callAs, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import type { SearchAnswer, SuggestAnswer } from '#shared/api/search.ts'

describe.each(grounds.list)('%s: search', (ground) => {
  let matinee: TestMatinee
  let ann: Visitor
  let bob: Visitor
  let stranger: Visitor['call']
  let show: Show

  beforeAll(async () => {
    matinee = await startMatinee(ground, { without: ['worker'] })
    await joinAsOwner(matinee)
    ann = await join(matinee, 'ann')
    bob = await join(matinee, 'bob')
    stranger = callAs(matinee)
    show = createShow(matinee, ann)
  })
  afterAll(() => matinee[Symbol.asyncDispose]())

  async function search(q: string, { by = stranger, more = '' } = {}): Promise<SearchAnswer> {
    const answer = await by('GET', `/api/search?q=${encodeURIComponent(q)}${more}`)
    expect(answer.status, answer.text).toBe(200)
    return answer.json as SearchAnswer
  }
  const titles = async (q: string, how = {}) => (await search(q, how)).items.map(({ title }) => title)

  test('what one may not see is not found, not counted, not suggested and its people not named', async () => {
    const films = await show.everyLook({ title: (look) => `秘密花园 ${look}`, tags: ['hidden tag'] })
    for (const [by, looks] of [
      [stranger, ['public']],
      [bob.call, ['members', 'public']],
    ] as const) {
      for (const q of ['秘密花园', '秘', 'mmhy', 'hidden', '秘密花圆', ...Object.values(films)]) {
        const { items, total } = await search(q, { by })
        const expected = Object.values(films).includes(q) ? [] : looks
        expect(items.map(({ title }) => title.split(' ')[1]).toSorted(), q).toEqual(expected)
        expect(total, q).toBe(expected.length)
      }
      const { items } = (await by('GET', `/api/search/suggest?q=${encodeURIComponent('秘密')}`)).json as SuggestAnswer
      expect(items.toSorted()).toEqual(looks.map((look) => `秘密花园 ${look}`))
    }
    await ann.call('PATCH', '/api/me', { audience: 'nobody' })
    expect((await search('ann', { by: bob.call })).people).toEqual([])
    await ann.call('PATCH', '/api/me', { audience: 'everyone' })
    expect((await search('ann')).people).toMatchObject([{ username: 'ann' }])
  })

  test('a film is found as it is from the moment it is so, and no longer than that', async () => {
    const vid = await show.film({ title: '流浪地球', tags: ['科幻'], description: 'The sun is dying' })
    for (const q of ['流浪', '球', 'lldq', '流浪地球 科幻', 'dying sun', '科幻']) expect(await titles(q), q).toEqual(['流浪地球'])
    await show.change(vid, { cast: [{ name: '吴京', part: '刘培强' }] })
    for (const q of ['吳京', 'wujing']) expect(await titles(q), q).toEqual(['流浪地球'])
    await show.change(vid, { title: '地球往事' })
    expect([await titles('流浪'), await titles('往事')]).toEqual([[], ['地球往事']])
    await show.change(vid, { visibility: 'unlisted' })
    expect(await titles('往事')).toEqual([])
    await show.change(vid, { visibility: 'public' })
    expect(await titles('往事')).toEqual(['地球往事'])
    await ann.call('DELETE', `/api/user/ann/videos/${vid}`)
    expect(await search('往事')).toMatchObject({ items: [], total: 0 })
  })

  test('a slip is forgiven and said to be a guess', async () => {
    await show.film({ title: 'Interstellar' })
    expect(await search('intersteler')).toMatchObject({ items: [{ title: 'Interstellar' }], isGuess: true })
    expect(await search('interstellar')).toMatchObject({ items: [{}], isGuess: false })
    expect(await search('!!!')).toMatchObject({ items: [], total: 0, isGuess: false })
  })

  test('orders, filters and pages hold each film once', async () => {
    const lengthOf = (n: number) => ({ durationMs: n * 5 * 60_000 })
    for (let n = 1; n <= 5; n++) await show.film({ title: `Paged ${n}`, tags: n % 2 ? ['odd one'] : [], ...lengthOf(n) })
    const all = await search('paged')
    expect(all.total).toBe(5)
    for (const sort of ['best', 'new', 'views']) {
      const found: string[] = []
      for (let cursor = ''; ; ) {
        const page = await search('paged', { more: `&sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}` })
        found.push(...page.items.map(({ id }) => id))
        if (page.nextCursor === null) break
        cursor = page.nextCursor
      }
      expect([found.length, new Set(found).size], sort).toEqual([5, 5])
    }
    expect(await titles('paged', { more: '&sort=new' })).toEqual([5, 4, 3, 2, 1].map((n) => `Paged ${n}`))
    expect((await titles('paged', { more: '&tag=Odd%20One' })).toSorted()).toEqual(['Paged 1', 'Paged 3', 'Paged 5'])
    expect(await titles('paged', { more: '&length=short' })).toEqual(['Paged 1'])
    expect(await titles('paged', { more: '&length=long' })).toEqual([])
    expect(await titles('paged', { more: '&age=day' })).toHaveLength(5)
    expect((await stranger('GET', '/api/search?q=a&sort=odd')).status).toBe(400)
    expect((await stranger('GET', `/api/search?q=a&cursor=${all.nextCursor ?? 'bad'}`)).status).toBe(400)
  })

  test('what is said in a film is found, at its moment, by whoever may find the film; what was corrected is found no longer', async () => {
    const [vid, hidden] = [await show.film({ title: 'A talk' }), await show.film({ title: 'A private talk', visibility: 'private' })]
    const textOf = (lines: readonly string[]) =>
      Buffer.from(
        [
          'WEBVTT',
          ...lines.map(
            (line, at) => `00:${String(at * 2).padStart(2, '0')}:05.000 --> 00:${String(at * 2).padStart(2, '0')}:09.000\n${line}`,
          ),
        ].join('\n\n'),
      )
    const spoken = ['你好，世界', '我們在這裡等一顆流星', 'The quick lanterns are burning', 'и звёзды']
    const bring = async (id: string, lines: readonly string[]) => {
      const answer = await ann.call('PUT', `/api/videos/${id}/subtitles?language=zh`, textOf(lines))
      expect(answer.status, answer.text).toBe(201)
      return (answer.json as { id: string }).id
    }
    const textId = await bring(vid, spoken)
    await bring(hidden, spoken)
    const soon = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 60_000, interval: 100 })
    for (const [q, atMs] of [
      ['世界', 5000],
      ['这里等', 125_000],
      ['流星', 125_000],
      ['星', undefined],
      ['lantern', 245_000],
      ['burning quick', 245_000],
      ['звёзды', 365_000],
      ['lanterns 世界', 245_000],
    ] as const)
      await soon(async () => {
        const { items, total, isGuess } = await search(q)
        const talks = items.filter(({ title }) => title === 'A talk')
        if (atMs === undefined) expect(talks, q).toEqual([])
        else expect([talks[0]?.moment?.atMs, talks.length, total, isGuess], q).toEqual([atMs, 1, 1, false])
      })
    expect((await search('流星', { by: bob.call })).items.map(({ id }) => id)).toEqual([vid])
    expect((await search('流星', { more: '&sort=new&length=long' })).total).toBe(0)
    const corrected = await ann.call('PUT', `/api/videos/${vid}/subtitles/${textId}`, textOf(['Nothing of it']))
    expect(corrected.status, corrected.text).toBe(200)
    await soon(async () => expect((await search('流星')).items).toEqual([]))
    await soon(async () => expect((await search('nothing of')).items[0]?.moment).toEqual({ atMs: 5000, text: 'Nothing of it' }))
    await ann.call('DELETE', `/api/videos/${vid}/subtitles/${textId}`)
    await soon(async () => expect((await search('nothing of')).items).toEqual([]))
  })
})
