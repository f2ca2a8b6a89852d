import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { openTestHttp } from '#server/testing/http.ts'
import { accessMatrix, fillPath, viewerKinds } from './matrix.ts'
import { type Route, route } from './route.ts'
import { checkRoutes } from './routes-check.ts'

const good = route({
  method: 'GET',
  path: '/things/:id',
  area: 'things',
  summary: 'Shows a thing.',
  access: 'anyone',
  params: Type.Object({ id: Type.String() }),
  answers: { 200: Type.Object({}) },
  handle: async () => ({ status: 200, body: {} }),
})
const writing = route({
  method: 'POST',
  path: '/things',
  area: 'things',
  summary: 'Makes a thing.',
  access: 'person',
  idempotent: true,
  body: Type.Object({ name: Type.String() }),
  answers: { 201: null },
  handle: async () => ({ status: 201 }),
})

const limits = [{ name: 'things', limit: { count: 1, periodMs: 1000 }, per: 'address' as const }]

test('a table of good routes, the frame’s own among them, has no complaint', async () => {
  await using http = await openTestHttp([good, writing])
  expect(checkRoutes(http.routes)).toEqual([])
})

const breaches: [string, Route, Partial<Record<keyof Route, unknown>>, RegExp][] = [
  ['no policy at all', good, { access: undefined }, /who may call it/],
  ['a policy of an unknown word', good, { access: 'everyone' }, /who may call it/],
  ['an unknown role', good, { access: { role: 'king' } }, /who may call it/],
  ['an action that the policy does not know', good, { access: { action: 'thing.see' } }, /who may call it/],
  ['strangers who change something without a limit', writing, { access: 'anyone' }, /no limit of its own/],
  ['a limit of nothing', writing, { limits: [{ name: 'things', limit: { count: 0, periodMs: 1 }, per: 'address' }] }, /lets nothing/],
  ['a person known by no session', good, { access: 'person', sessionless: true }, /looks at no session/],
  ['changes outside the flood guard', writing, { unguarded: true }, /flood guard/],
  ['a parameter without a schema', good, { params: undefined }, /:id may be/],
  ['a schema without its parameter', good, { params: Type.Object({ id: Type.String(), no: Type.String() }) }, /:no/],
  ['neither handle nor respond', good, { handle: undefined }, /handle and respond/],
  ['a path that is none', good, { path: 'things' }, /path that is none/],
  ['no summary', good, { summary: 'shows' }, /no summary/],
  ['no answer', good, { answers: {} }, /no answer/],
  ['a body for nothing', writing, { answers: { 204: Type.Object({}) } }, /has none/],
  ['a GET with a body', good, { body: Type.Object({}) }, /takes a body/],
  ['a cache for persons', good, { access: 'person', cache: { freshMs: 1, tags: () => [] } }, /cached for everybody/],
  ['a cached POST', writing, { cache: { freshMs: 1, tags: () => [] } }, /no GET/],
  ['a cached page', good, { page: true, cache: { freshMs: 1, tags: () => [] } }, /answered differently/],
  ['a form without fields', writing, { form: true, body: 'raw' }, /form/],
  ['a POST that makes two when asked twice', writing, { idempotent: undefined }, /makes two: say idempotent/],
  ['an idempotent PUT', writing, { method: 'PUT', idempotent: true }, /idempotent/],
  ['an API at the root', good, { at: 'root', path: '/api/things/:id' }, /calls itself/],
]

test.each(breaches)('%s is refused', (_, sound, breach, complaint) => {
  const found = checkRoutes([{ ...sound, ...breach } as Route])
  expect(found.join('\n')).toMatch(complaint)
})

test('two routes at one place are refused, whatever they call their parameters', () => {
  const twin = { ...good, path: '/things/:name', params: Type.Object({ name: Type.String() }) } as Route
  expect(checkRoutes([good, twin])).toEqual(['GET /api/things/:name: stands there twice'])
  expect(checkRoutes([good, { ...twin, at: 'both' } as Route])).toHaveLength(1)
})

test('the matrix has every route, place and kind, and the doors do what it says', async () => {
  const both = {
    ...writing,
    at: 'both',
    path: '/both',
    access: 'anyone',
    limits: [{ ...limits[0], limit: { count: 1000, periodMs: 1 } }],
  } as Route
  const admins = { ...good, path: '/admins/:id', access: { role: 'admin' } } as Route
  const page = { ...good, path: '/page/:id', at: 'root', page: true } as Route
  const login = { ...good, path: '/login/:id', sessionless: true } as Route
  await using http = await openTestHttp([good, writing, both, admins, page, login])
  const cells = accessMatrix(http.routes)
  expect(cells.length).toBe((http.routes.length + 1) * viewerKinds.length)
  const tokens: Record<string, string> = {
    member: 'member',
    'other member': 'member',
    moderator: 'moderator',
    admin: 'admin',
    owner: 'owner',
    'revoked session': 'dead',
    'expired token': 'dead',
  }
  for (const { method, path, kind, expected } of cells.filter(({ path }) => !/profile|metrics/.test(path))) {
    const token = tokens[kind]
    const { status } = await http.inject({
      method,
      path: fillPath(path),
      headers: token ? { authorization: `Bearer ${token}` } : {},
      from: '203.0.113.4',
    })
    const seen = status === 401 ? 'unauthenticated' : status === 403 ? 'forbidden' : 'in'
    expect(`${method} ${path} ${kind}: ${seen}`).toBe(`${method} ${path} ${kind}: ${expected}`)
  }
})
