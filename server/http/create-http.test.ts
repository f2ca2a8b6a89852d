import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { openTestHttp } from '#server/testing/http.ts'
import { Problem } from '#server/lib/problem.ts'
import { type Route, route } from './route.ts'

const NameParams = Type.Object({ name: Type.String({ minLength: 2, maxLength: 20 }) })
const Greeting = Type.Object({ text: Type.String(), times: Type.Integer() })

const greet = route({
  method: 'GET',
  path: '/greetings/:name',
  area: 'greetings',
  summary: 'Greets somebody.',
  access: 'anyone',
  params: NameParams,
  query: Type.Object({ times: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, default: 1 })) }),
  answers: { 200: Greeting },
  handle: async ({ params, query }) => ({
    status: 200,
    body: { text: `Hello, ${params.name}`, times: query.times ?? 0, secret: 'never shown' } as never,
  }),
})

const write = (at: 'api' | 'both', more: Partial<Route> = {}) =>
  route({
    method: 'POST',
    path: '/greetings',
    at,
    area: 'greetings',
    summary: 'Writes a greeting.',
    access: 'anyone',
    body: Type.Object({
      text: Type.String({ minLength: 3 }),
      times: Type.Optional(Type.Integer({ minimum: 1 })),
      tags: Type.Optional(Type.Array(Type.Object({ name: Type.String() }))),
    }),
    answers: { 201: Type.Object({ got: Type.Unknown() }) },
    handle: async ({ body }) => ({ status: 201, body: { got: body } }),
    ...(more as object),
  })

const plain = (more: Partial<Route>) =>
  route({
    method: 'GET',
    path: '/plain',
    area: 'plain',
    summary: 'Answers.',
    access: 'anyone',
    answers: { 200: Type.Object({ ok: Type.Boolean() }) },
    handle: async () => ({ status: 200, body: { ok: true } }),
    ...(more as object),
  })

test('a route answers with what its schema names and nothing else', async () => {
  await using http = await openTestHttp([greet])
  const { status, headers, json } = await http.inject({ path: '/api/greetings/Ada?times=3' })
  expect(status).toBe(200)
  expect(json).toEqual({ text: 'Hello, Ada', times: 3 })
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  })
  expect(headers['x-request-id']).toMatch(/^[\w.-]{8,64}$/)
  expect((await http.inject({ path: '/api/greetings/%E5%85%89%E5%BD%B1' })).json).toEqual({ text: 'Hello, 光影', times: 1 })
})

test('every wrong field is named at once, with a code, wherever it stands', async () => {
  await using http = await openTestHttp([greet, write('api')])
  const read = await http.inject({ path: '/api/greetings/A?times=9&tiems=2' })
  expect(read.status).toBe(400)
  expect(read.headers['content-type']).toBe('application/problem+json')
  expect(read.json).toMatchObject({
    type: '/api/docs#http.wrong_fields',
    status: 400,
    code: 'http.wrong_fields',
    fields: [
      { path: 'name', code: 'field.too_short', detail: 'This needs at least 2 characters.' },
      { path: 'tiems', code: 'field.unknown' },
      { path: 'times', code: 'field.too_large', detail: 'This may be at most 5.' },
    ],
  })
  const written = await http.inject({
    method: 'POST',
    path: '/api/greetings',
    body: { times: 'x', tags: [{ name: 'a' }, { name: 1, b: 2 }, {}], more: 1 },
  })
  const codes = (written.json as { fields: { path: string; code: string }[] }).fields.map(({ path, code }) => `${path} ${code}`)
  expect(codes.sort()).toEqual([
    'more field.unknown',
    'tags.1.b field.unknown',
    'tags.1.name field.wrong_type',
    'tags.2.name field.required',
    'text field.required',
    'times field.wrong_type',
  ])
})

test('rows of the contract answer with and without the base path and drop unknown fields; others refuse them', async () => {
  await using http = await openTestHttp([write('both')])
  for (const path of ['/greetings', '/api/greetings']) {
    const { status, json } = await http.inject({
      method: 'POST',
      path,
      body: { text: 'Hello', role: 'owner', tags: [{ name: 'a', id: 1 }] },
    })
    expect([status, json]).toEqual([201, { got: { text: 'Hello', tags: [{ name: 'a' }] } }])
  }
})

test('problems speak the language of the caller', async () => {
  await using http = await openTestHttp([plain({ handle: async () => Promise.reject(new Problem('forbidden', 'access.forbidden')) })])
  const ask = async (language: string) => (await http.inject({ path: '/api/plain', headers: { 'accept-language': language } })).json
  expect(await ask('zh-HK,en;q=0.5')).toMatchObject({ status: 403, title: '沒有權限', detail: '你不能這樣做。' })
  expect(await ask('fr, zh;q=0.9')).toMatchObject({ title: '没有权限' })
  expect(await ask('fr')).toMatchObject({ title: 'Not allowed', code: 'access.forbidden' })
})

test('a bug shows nothing of itself, and is logged whole under the id of the request', async () => {
  const handle = async () => {
    throw new Error('the key is hunter2')
  }
  await using http = await openTestHttp([plain({ handle })])
  const { status, text, headers } = await http.inject({ path: '/api/plain' })
  expect(status).toBe(500)
  expect(text).not.toContain('hunter2')
  const line = http.lines.find(({ event }) => event === 'http.failed')
  expect(line?.fields).toMatchObject({
    requestId: headers['x-request-id'],
    error: expect.objectContaining({ message: 'the key is hunter2' }),
  })
})

test('where what draws pages breaks itself, the bare words stand in', async () => {
  const broken = async () => {
    throw new Error('the key is hunter2')
  }
  await using http = await openTestHttp([plain({ at: 'root', page: true, handle: broken })], { problemPage: broken })
  const { status, text, headers } = await http.inject({ path: '/plain', headers: { 'accept-language': 'zh-CN' } })
  expect({ status, type: headers['content-type'] }).toEqual({ status: 500, type: 'text/html; charset=utf-8' })
  expect(text).toContain('<html lang="zh-CN">')
  expect(text).toContain(headers['x-request-id'])
  expect(text).not.toContain('hunter2')
  expect(http.lines.filter(({ event }) => event === 'http.failed')).toHaveLength(2)
})

test('unknown addresses are 404, wrong methods 405 with what is possible, and both are problems', async () => {
  await using http = await openTestHttp([greet, write('both')])
  expect((await http.inject({ path: '/api/nothing' })).json).toMatchObject({ status: 404, code: 'http.no_such_route' })
  const wrong = await http.inject({ method: 'DELETE', path: '/greetings' })
  expect(wrong).toMatchObject({ status: 405, headers: { allow: 'OPTIONS, POST' }, json: { code: 'http.method_not_allowed' } })
  expect(await http.inject({ method: 'OPTIONS', path: '/api/greetings/Ada' })).toMatchObject({
    status: 204,
    headers: { allow: 'GET, HEAD, OPTIONS' },
  })
  expect((await http.inject({ path: '/api/greetings/%ff' })).json).toMatchObject({ status: 400, code: 'http.bad_request' })
})

test('nobody is taken for a stranger who shows a dead token; who needs to be somebody is told so', async () => {
  await using http = await openTestHttp([
    plain({}),
    plain({ path: '/mine', access: 'person' }),
    plain({ path: '/admin', access: { role: 'admin' } }),
    plain({ path: '/login', sessionless: true }),
  ])
  const ask = async (path: string, headers: Record<string, string> = {}) => (await http.inject({ path, headers })).status
  expect(await ask('/api/plain')).toBe(200)
  for (const authorization of ['Bearer dead', 'dead', 'Bearer', 'bearer  ']) expect(await ask('/api/plain', { authorization })).toBe(401)
  expect(await ask('/api/plain', { authorization: 'Basic bWU6bWU=' })).toBe(200)
  expect(await ask('/api/plain', { cookie: 'matinee=dead' })).toBe(401)
  expect(await ask('/api/login', { cookie: 'matinee=dead' })).toBe(200)
  expect(await ask('/api/mine')).toBe(401)
  expect(await ask('/api/mine', { cookie: 'other=1; matinee=member' })).toBe(200)
  expect(await ask('/api/admin', { authorization: 'Bearer moderator' })).toBe(403)
  expect(await ask('/api/admin', { authorization: 'Bearer owner' })).toBe(200)
})

test('a dead cookie is taken away, and a page shows itself to its bearer as to a stranger', async () => {
  const page = plain({
    path: '/',
    at: 'root',
    page: true,
    handle: async ({ viewer }) => ({ status: 200, body: { ok: viewer.kind === 'stranger' } }),
  })
  await using http = await openTestHttp([plain({}), page])
  const called = await http.inject({ path: '/api/plain', headers: { cookie: 'matinee=dead' } })
  expect(called.headers['set-cookie']?.[0]).toMatch(/^matinee=; Path=\/; SameSite=Lax; Max-Age=0; HttpOnly$/)
  expect(await http.inject({ path: '/', headers: { cookie: 'matinee=dead' } })).toMatchObject({ status: 200, json: { ok: true } })
})

test('HEAD answers like GET without the body', async () => {
  await using http = await openTestHttp([plain({})])
  const { status, headers, bytes } = await http.inject({ method: 'HEAD', path: '/api/plain' })
  expect([status, headers['content-length'], bytes.length]).toEqual([200, '11', 0])
})

test('what a caller knows already is not sent again', async () => {
  await using http = await openTestHttp([plain({})])
  const first = await http.inject({ path: '/api/plain' })
  expect(first.headers.etag).toMatch(/^"[\w-]{27}"$/)
  const again = await http.inject({ path: '/api/plain', headers: { 'if-none-match': `"other", W/${first.headers.etag}` } })
  expect([again.status, again.bytes.length, again.headers.etag]).toEqual([304, 0, first.headers.etag])
})
