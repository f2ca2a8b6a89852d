import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { Problem } from '#server/lib/problem.ts'
import { openTestHttp } from '#server/testing/http.ts'
import { route } from './route.ts'

const from = '192.0.2.7'
const headers = { accept: 'application/json', 'accept-language': 'zh-TW', host: 'cinema.test', cookie: 'theme=dark' }

const told = route({
  method: 'GET',
  path: '/told/:name',
  area: 'told',
  summary: 'Tells what it was told.',
  access: 'anyone',
  params: Type.Object({ name: Type.String({ maxLength: 20 }) }),
  query: Type.Object({ times: Type.Optional(Type.Integer({ maximum: 5 })) }),
  answers: { 200: Type.Unknown() },
  handle: async ({ params, query, viewer, headers: { cookie } }) => {
    if (params.name === 'nobody') throw new Problem('not_found', 'user.not_found')
    const { address, language } = viewer as { address: string; language: string }
    const cookies = ['a', 'b'].map((name) => ({ name, value: '1', maxAgeS: 60 }))
    return { status: 200, cookies, body: { ...params, ...query, address, language, cookie, text: '流浪地球 '.repeat(400) } }
  },
})

const streamed = route({
  method: 'GET',
  path: '/streamed',
  area: 'told',
  summary: 'Tells bit by bit.',
  access: 'anyone',
  answers: { 200: null },
  async handle() {
    async function* bits() {
      yield Buffer.from('one, ')
      yield Buffer.from('二')
    }
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, bytes: bits() }
  },
})

/** Without what is another one each time. */
const comparable = ({ status, headers: all, text }: { status: number; headers: object; text: string }) => {
  const id = String((all as Record<string, unknown>)['x-request-id'])
  const rest = Object.entries(all).filter(
    ([name]) => !/^(x-request-id|date|connection|keep-alive|transfer-encoding|ratelimit-.*)$/.test(name),
  )
  return { status, headers: Object.fromEntries(rest), text: text.replaceAll(id, 'ID') }
}

test('a call from within is answered as one over a line: what was found, what was not, what is wrong, and bit by bit', async () => {
  await using http = await openTestHttp([told, streamed])
  for (const path of [
    '/api/told/Ada?times=3',
    '/api/told/Ada?times=9',
    '/api/told/nobody',
    '/api/nowhere',
    '/api/streamed',
    '/api/told/%E5%85%89',
  ]) {
    const call = { path, headers, from }
    expect(comparable(await http.ask(call)), path).toEqual(comparable(await http.inject(call)))
  }
  const { json, headers: said, bytes } = await http.ask({ path: '/api/told/Ada?times=3', headers, from })
  expect(json).toMatchObject({ name: 'Ada', times: 3, address: from, language: 'zh-TW', cookie: 'theme=dark' })
  expect(said['set-cookie']).toHaveLength(2)
  expect(bytes.length).toBeGreaterThan(4000)
})

test('what only a parser can judge, and whatever sends a body, goes over a line', async () => {
  const write = route({
    method: 'POST',
    path: '/written',
    area: 'told',
    summary: 'Takes a body.',
    access: 'anyone',
    body: Type.Object({ text: Type.String() }),
    answers: { 200: Type.Object({ text: Type.String() }) },
    handle: async ({ body }) => ({ status: 200, body }),
  })
  await using http = await openTestHttp([told, write])
  expect(
    (await http.ask({ method: 'POST', path: '/api/written', body: { text: 'x' }, headers: { host: 'cinema.test' }, from })).json,
  ).toEqual({ text: 'x' })
  await expect(http.ask({ path: '/api/told/Ada Lovelace\r\nx: y', headers, from })).rejects.toThrow('unescaped')
})

test('calls from within are limited like all others of the same address', async () => {
  const rare = route({
    method: 'GET',
    path: '/rare',
    area: 'told',
    summary: 'Answers once.',
    access: 'anyone',
    limits: [{ name: 'rare', limit: { count: 1, periodMs: 60_000 }, per: 'address' }],
    answers: { 200: null },
    handle: async () => ({ status: 200, bytes: 'once', headers: { 'content-type': 'text/plain' } }),
  })
  await using http = await openTestHttp([rare])
  const statuses = await Promise.all(
    [from, from, '198.51.100.9'].map(async (one) => (await http.ask({ path: '/api/rare', headers, from: one })).status),
  )
  expect(statuses).toEqual([200, 429, 200])
})
