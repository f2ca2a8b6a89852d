import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { createPlainAddresses } from './plain-addresses.ts'
import { createPlan } from './plan.ts'
import { route } from './route.ts'

const params = Type.Object({
  film: Type.String({ pattern: '^[\\w-]{1,8}$' }),
  number: Type.Integer({ minimum: 1 }),
  file: Type.String({ pattern: '^(init[.]mp4|(0|[1-9]\\d{0,6})[.]m4s)$' }),
})
const handle = () => Promise.resolve({ status: 200 as const, bytes: '' })
const cells = { method: 'GET', path: '/films/:film/:number/:file', at: 'both', area: 'x', summary: 'x', access: 'anyone', params } as const
const plan = createPlan(route({ ...cells, plain: true, answers: { 200: null }, handle }))
const other = createPlan(route({ ...cells, path: '/others/:film/:number/:file', answers: { 200: null }, handle }))
const { find } = createPlainAddresses([plan, other])

test('an address is read by the patterns of its parts, at every place where its route answers', () => {
  for (const url of ['/films/a-b_1/12/0.m4s', '/api/films/a-b_1/12/0.m4s'])
    for (const method of ['GET', 'HEAD']) {
      const found = find({ method, url })
      expect(found?.plan).toBe(plan)
      expect(found?.params).toEqual({ film: 'a-b_1', number: 12, file: '0.m4s' })
    }
  expect(find({ method: 'GET', url: '/films/a/1/init.mp4' })?.params).toEqual({ film: 'a', number: 1, file: 'init.mp4' })
})

test('whatever else it may be is left to the framework, and so are routes that do not say that they are plain', () => {
  const strange = [
    ...['/films/a/0/0.m4s', '/films/a/01/0.m4s', '/films/a/1/00.m4s', '/films/a/1/0.m4s.mp4', '/films/a/1/0xm4s', '/films/a/1/init.mp4/'],
    ...['/films/a/1/0.m4s?', '/films/a/1/0.m4s#x', '/films/%61/1/0.m4s', '/films/a.b/1/0.m4s', '/films/a//0.m4s', '/films/a/1.0/0.m4s'],
    ...[
      '/films/toolonganame/1/0.m4s',
      '/films/a/1e3/0.m4s',
      '//films/a/1/0.m4s',
      '/x/films/a/1/0.m4s',
      '/films/a/1/0.m4s\n',
      '/others/a/1/0.m4s',
      '/',
    ],
  ]
  expect(strange.filter((url) => find({ method: 'GET', url }))).toEqual([])
  expect(['POST', 'PUT', 'DELETE', 'OPTIONS'].filter((method) => find({ method, url: '/films/a/1/0.m4s' }))).toEqual([])
})

test('a route whose parts have no patterns can not be plain', () => {
  const loose = route({
    ...cells,
    params: Type.Object({ film: Type.String(), number: Type.Integer(), file: Type.String() }),
    plain: true,
    answers: { 200: null },
    handle,
  })
  expect(() => createPlainAddresses([createPlan(loose)])).toThrow('is not plain')
})
