import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { describeWith } from '#server/testing/grounds.ts'
import { openTestHttp } from '#server/testing/http.ts'
import { openChromium } from '#server/testing/parts/chromium.ts'
import { languages } from '#shared/language.ts'
import { type Route, route } from '../route.ts'
import { html, withCode } from './html.ts'
import { sampleOf } from './sample.ts'

const Film = Type.Object({
  id: Type.String(),
  title: Type.String({ description: 'As `people` see it.' }),
  tags: Type.Array(Type.Object({ name: Type.String({ maxLength: 5 }) })),
})

const films: Route[] = [
  route({
    method: 'POST',
    path: '/films/:id/tags',
    at: 'both',
    area: 'Films <b>',
    summary: 'Tags a film <script>alert(1)</script>.',
    access: { role: 'moderator' },
    idempotent: true,
    limits: [{ name: 'tags', limit: { count: 10, periodMs: 60_000 }, per: 'person' }],
    params: Type.Object({ id: Type.String() }),
    query: Type.Object({ notify: Type.Optional(Type.Boolean()) }),
    body: Type.Object({ tags: Type.Array(Type.String({ maxLength: 20 })) }),
    answers: { 201: Film },
    handle: async () => ({ status: 201, body: { id: '', title: '', tags: [] } }),
  }),
  route({
    method: 'GET',
    path: '/hot',
    area: 'Films <b>',
    summary: 'Hot films.',
    access: 'anyone',
    answers: { 200: Type.Array(Film) },
    cache: { freshMs: 5000, tags: () => [] },
    handle: async () => ({ status: 200, body: [] }),
  }),
  route({
    method: 'GET',
    path: '/',
    at: 'root',
    area: 'Pages',
    page: true,
    summary: 'Home.',
    access: 'anyone',
    answers: { 200: null },
    handle: async () => ({ status: 200 }),
  }),
]

type OpenApi = {
  openapi: string
  paths: Record<
    string,
    Record<
      string,
      { operationId: string; parameters: { name?: string; in?: string; $ref?: string }[]; responses: object; security: object[] }
    >
  >
  components: object
}

test('the table is told as OpenAPI 3.1: every reference leads somewhere, every parameter of a path is described, every id is one', async () => {
  await using http = await openTestHttp(films)
  const { status, json, headers, text } = await http.inject({ path: '/api/openapi.json' })
  const document = json as OpenApi
  expect([status, document.openapi, headers['cache-control']]).toEqual([200, '3.1.0', 'public, no-cache'])
  for (const [, pointer = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    expect([
      pointer,
      pointer.split('/').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document) !== undefined,
    ]).toEqual([pointer, true])
  }
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, ...operation })),
  )
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  for (const { path, parameters } of operations) {
    const described = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)
    expect([path, described]).toEqual([path, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)])
  }
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/api/films/{id}/tags', '/api/hot', '/health']))
  expect(Object.keys(document.paths)).not.toContain('/')
  const tagging = document.paths['/api/films/{id}/tags']?.post
  expect(tagging).toMatchObject({
    security: [{ bearer: [] }, { cookie: [] }],
    'x-limits': [{ count: 10, seconds: 60, atOnce: 10, per: 'person' }],
    requestBody: { required: true },
  })
  expect(Object.keys(tagging?.responses ?? {})).toEqual(['201', '400', '401', '403', '404', '409', '413', '415', '429', '500', '503'])
})

test('the page shows every route, field and code in each language, escaped, with a policy that needs no exception', async () => {
  await using http = await openTestHttp(films)
  for (const language of languages) {
    const { status, text, headers } = await http.inject({
      path: '/api/docs',
      headers: { 'accept-language': language, host: 'cinema.example' },
    })
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(text).toContain(`<html lang="${language}" data-theme="dark">`)
    expect(text).toContain('Tags a film &lt;script&gt;alert(1)&lt;/script&gt;.')
    expect(text).not.toMatch(/<script|<style|style=| on\w+=/)
    expect(text).toContain('curl -X POST &#39;http://cinema.example/api/films/')
    expect(text).toContain('id="http.wrong_fields"')
    for (const [, anchor] of text.matchAll(/href="#([^"]+)"/g)) expect([anchor, text.includes(`id="${anchor}"`)]).toEqual([anchor, true])
  }
  const chosen = await http.inject({ path: '/api/docs', headers: { cookie: 'theme=light' } })
  expect(chosen.text).toContain('data-theme="light"')
  expect((await http.inject({ path: '/api/docs.css' })).headers['content-type']).toBe('text/css; charset=utf-8')
})

test('a sample is a value that its schema allows', () => {
  expect(sampleOf(JSON.parse(JSON.stringify(Film)))).toEqual({
    id: '01kf3m9qv7x2c8d4w6t0',
    title: 'The Night Train to Taipei',
    tags: [{ name: 'name' }],
  })
  expect(sampleOf({ type: 'string', maxLength: 4 }, 'username')).toBe('林小美')
  expect(sampleOf({ type: 'integer', minimum: 10 })).toBe(10)
  expect(sampleOf({ anyOf: [{ enum: ['a', 'b'] }, { type: 'null' }] })).toBe('a')
})

test('pieces of a page are escaped unless they were made by html', () => {
  expect(html`<p title="${'"><'}">${[html`<b>${'&'}</b>`, '<i>', false, undefined, 3]}</p>`.text).toBe(
    '<p title="&quot;&gt;&lt;"><b>&amp;</b>&lt;i&gt;3</p>',
  )
  expect(withCode('a `<b>` c').text).toBe('a <code>&lt;b&gt;</code> c')
})

describeWith('chromium')('in a browser', () => {
  test('the page is readable by everybody, on a phone and a wide screen, by day and by night, and asks no other origin', async () => {
    await using http = await openTestHttp(films)
    await http.listen()
    const origin = http.address?.url ?? ''
    await using chromium = await openChromium()
    for (const [theme, width] of [
      ['dark', 1440],
      ['light', 360],
    ] as const) {
      await using tab = await chromium.openTab({ origin, viewport: { width, height: 800 } })
      await tab.page.context().addCookies([{ name: 'theme', value: theme, url: origin }])
      await tab.page.goto('/api/docs#http.wrong_fields')
      expect(await tab.violations()).toEqual([])
      expect(tab.foreign).toEqual([])
      expect(tab.errors.filter((error) => !/404/.test(error))).toEqual([])
      expect(await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    }
  }, 300_000)
})
