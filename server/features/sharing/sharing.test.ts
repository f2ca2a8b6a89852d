import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { createShow, type Show } from '#server/testing/show.ts'
import { callAs, codeOf, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import type { OEmbed } from '#shared/api/sharing.ts'

const looks = ['members', 'unlisted', 'private'] as const

describe.each(grounds.list)('%s: films outside of the house', (ground) => {
  let matinee: TestMatinee
  let ann: Visitor
  let stranger: Visitor['call']
  let show: Show
  const at = { path: '/', headers: { host: 'cinema.example' } }
  const read = async (path: string) => matinee.inject({ ...at, path })

  beforeAll(async () => {
    matinee = await startMatinee(ground)
    await joinAsOwner(matinee)
    ann = await join(matinee, 'ann')
    stranger = callAs(matinee)
    show = createShow(matinee, ann)
  })
  afterAll(() => matinee?.[Symbol.asyncDispose]())

  test('feeds and maps name what everybody may find, and nothing else', async () => {
    const out = await show.film({ title: 'Out & <about>', description: 'Two\nlines', tags: ['Night'] })
    const held = await Promise.all(looks.map((visibility) => show.film({ title: `Held ${visibility}`, visibility, tags: ['Night'] })))
    const month = new Date().toISOString().slice(0, 7)
    const places = ['/feed.xml', `/@${ann.username}/feed.xml`, '/tag/night/feed.xml', `/sitemaps/${month}.xml`]
    for (const path of places) {
      const { status, text, headers } = await read(path)
      expect([path, status, headers['cache-control']?.startsWith('public')]).toEqual([path, 200, true])
      expect(headers['content-type']).toMatch(/xml/)
      expect(text).toContain(`http://cinema.example/watch/${out}`)
      for (const vid of held) expect(text, path).not.toContain(vid)
    }
    const { text } = await read('/feed.xml')
    expect(text).toContain('<title>Out &amp; &lt;about&gt;</title>')
    expect(text).toContain('<description>Two&lt;br/&gt;lines</description>')
    expect((await read('/sitemap.xml')).text).toContain(`http://cinema.example/sitemaps/${month}.xml`)
    expect((await read('/robots.txt')).text).toContain('Sitemap: http://cinema.example/sitemap.xml')
    expect((await read('/@nobody-here/feed.xml')).status).toBe(404)
    expect((await read('/sitemaps/2026-13.xml')).status).toBe(400)
    await ann.call('DELETE', `/api/user/${ann.username}/videos/${out}`)
    for (const path of places) expect((await read(path)).text).not.toContain(out)
  })

  test('another site is told how to show a film that its visitor may see', async () => {
    const vid = await show.film({ title: 'A "film"' })
    const ask = (url: string, more = '') => matinee.inject({ ...at, path: `/api/oembed?url=${encodeURIComponent(url)}${more}` })
    const answer = await ask(`http://cinema.example/watch/${vid}?t=5`, '&maxwidth=320')
    expect(answer.status).toBe(200)
    expect(answer.json as OEmbed).toMatchObject({ version: '1.0', type: 'video', title: 'A "film"', width: 320 })
    expect((answer.json as OEmbed).html).toContain(`src="http://cinema.example/embed/${vid}"`)
    expect((answer.json as OEmbed).html).toContain('title="A &quot;film&quot;"')
    await ann.call('PATCH', `/api/user/${ann.username}/videos/${vid}`, { embedding: 'nobody' })
    const bare = (await ask(`http://cinema.example/watch/${vid}`)).json as OEmbed
    expect([bare.type, bare.html]).toEqual(['link', undefined])
    const wrong = ['http://elsewhere.example/watch/', 'http://cinema.example/@', 'data:text/html,', '//']
    for (const place of wrong) expect((await ask(`${place}${vid}`)).status, place).toBe(404)
    const held = await show.film({ title: 'Held', visibility: 'private' })
    expect(codeOf(await ask(`http://cinema.example/watch/${held}`))).toBe('sharing.no_film')
    expect(codeOf(await ask(`http://cinema.example/watch/${vid}`, '&format=xml'))).toBe('sharing.format')
    expect((await stranger('GET', '/api/oembed')).status).toBe(400)
  })

  test('its owner says which sites may frame a film', async () => {
    const vid = await show.film({ title: 'Framed' })
    const { framedBy } = matinee.features.sharing
    const change = (body: object) => ann.call('PATCH', `/api/user/${ann.username}/videos/${vid}`, body)
    expect(await framedBy(vid)).toBe('*')
    await change({ embedding: 'listed', embedSites: ['https://blog.example'] })
    expect(await framedBy(vid)).toBe("'self' https://blog.example")
    await change({ embedSites: [] })
    expect(await framedBy(vid)).toBe("'self'")
    await change({ embedding: 'nobody', embedSites: ['https://blog.example'] })
    expect(await framedBy(vid)).toBe("'self'")
    expect(await framedBy('none')).toBe('*')
  })
})
