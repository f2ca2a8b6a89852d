import { fileURLToPath } from 'node:url'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { createMemoryCache } from '#server/adapters/cache/memory-cache.ts'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { Problem } from '#server/lib/problem.ts'
import { describeWith } from '#server/testing/grounds.ts'
import { openTestHttp } from '#server/testing/http.ts'
import { startProcess, until } from '#server/testing/parts/part-process.ts'
import { openRedis } from '#server/testing/parts/redis.ts'
import { type Route, route } from './route.ts'

const cached = (handle: (id: string, call: Parameters<NonNullable<Route['handle']>>[0]) => unknown, more: Partial<Route> = {}) =>
  route({
    method: 'GET',
    path: '/films/:id',
    area: 'test',
    summary: 'A film.',
    access: 'anyone',
    params: Type.Object({ id: Type.String({ maxLength: 20 }) }),
    answers: { 200: Type.Object({ id: Type.String(), words: Type.String() }) },
    cache: { freshMs: 60_000, tags: ({ id }) => [`film:${id}`] },
    handle: async (call) => ({
      status: 200 as const,
      body: { id: call.params.id, words: '', ...(handle(call.params.id, call as never) as object) },
    }),
    ...(more as object),
  })

const openCache = () => createMemoryCache({ clock: systemClock, maxBytes: 1_000_000 })

test('an address is answered from the cache until its tag is invalidated, with the same tag, headers and limits', async () => {
  let reads = 0
  const cache = openCache()
  await using http = await openTestHttp([cached(() => ({ words: `read ${++reads}` }))], { cache })
  const ask = (path = '/api/films/a') => http.inject({ path })
  const first = await ask()
  const second = await ask()
  expect(second.json).toEqual({ id: 'a', words: 'read 1' })
  const volatile = ['x-request-id', 'ratelimit-remaining', 'ratelimit-reset', 'date']
  const stable = (headers: object) => Object.fromEntries(Object.entries(headers).filter(([name]) => !volatile.includes(name)))
  expect(stable(second.headers)).toEqual(stable(first.headers))
  expect(second.headers).toMatchObject({
    'cache-control': 'public, no-cache',
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
  })
  expect(Number(second.headers['ratelimit-remaining'])).toBeLessThan(Number(second.headers['ratelimit-limit']))
  expect((await ask('/api/films/b')).json).toEqual({ id: 'b', words: 'read 2' })
  await cache.invalidate('film:a')
  expect((await ask()).json).toEqual({ id: 'a', words: 'read 3' })
  expect((await http.inject({ path: '/metrics' })).text).toContain('route="/api/films/:id",status="200"} 4')
})

test('a hit knows what the caller holds, answers HEAD without a body, and is packed for who can unpack it', async () => {
  await using http = await openTestHttp([cached(() => ({ words: 'word '.repeat(1000) }))])
  const ask = (headers: Record<string, string> = {}, method = 'GET') => http.inject({ method, path: '/api/films/a', headers })
  const plain = await ask()
  const tag = plain.headers.etag ?? ''
  expect(await ask({ 'if-none-match': tag })).toMatchObject({
    status: 304,
    text: '',
    headers: { etag: tag, 'cache-control': 'public, no-cache' },
  })
  expect(await ask({}, 'HEAD')).toMatchObject({ status: 200, text: '', headers: { 'content-length': String(plain.bytes.length) } })
  await ask({ 'accept-encoding': 'gzip, br' })
  await expect.poll(async () => (await ask({ 'accept-encoding': 'gzip, br' })).headers['content-encoding']).toBe('br')
  const packed = await ask({ 'accept-encoding': 'br' })
  expect(packed.headers.etag).toBe(`${tag.slice(0, -1)}-br"`)
  expect(packed.bytes.length).toBeLessThan(200)
  expect((await ask({ 'accept-encoding': 'br;q=0' })).headers['content-encoding']).toBeUndefined()
  expect(await ask({ 'if-none-match': packed.headers.etag ?? '', 'accept-encoding': 'br' })).toMatchObject({ status: 304 })
})

test('a hit asks as every route does: dead tokens, limits by address, wrong addresses', async () => {
  const limits = [{ name: 'films', limit: { count: 3, periodMs: 60_000 }, per: 'address' as const }]
  await using http = await openTestHttp([cached(() => ({}), { limits })])
  const ask = (headers: Record<string, string> = {}, from = '127.0.0.1') => http.inject({ path: '/api/films/a', headers, from })
  expect((await ask()).status).toBe(200)
  expect((await ask({ authorization: 'Bearer dead' })).status).toBe(401)
  expect((await ask({ cookie: 'matinee=member' })).status).toBe(200)
  expect(await ask()).toMatchObject({ status: 429, json: { code: 'http.too_many_requests' } })
  expect((await ask({}, '203.0.113.9')).status).toBe(200)
  expect((await http.inject({ path: '/api/films/a?x=1', from: '203.0.113.9' })).status).toBe(400)
})

test('[T34] whoever asks first, the handler sees nobody, and may neither look at the request nor set a cookie', async () => {
  const seen: unknown[] = []
  const curious = cached((_id, call) => {
    seen.push([call.viewer.kind, call.headers])
    return {}
  })
  const nosy = cached((_id, call) => ({ words: call.raw.method }), { path: '/nosy/:id' })
  const giving = cached(() => ({}), {
    path: '/giving/:id',
    handle: async () => ({ status: 200, cookies: [{ name: 'a', value: 'b' }], body: { id: '', words: '' } }),
  })
  await using http = await openTestHttp([curious, nosy, giving])
  const headers = { authorization: 'Bearer owner' }
  expect(await http.inject({ path: '/api/films/a', headers })).toMatchObject({ status: 200 })
  expect(seen).toEqual([['stranger', {}]])
  expect((await http.inject({ path: '/api/nosy/a', headers })).status).toBe(500)
  expect(await http.inject({ path: '/api/giving/a', headers })).toMatchObject({ status: 500 })
  expect(
    http.lines.map(({ fields }) => String(fields.error)).filter((text) => text.includes('may depend on its address alone')),
  ).toHaveLength(2)
})

test('what is refused is not kept, and many who ask at once are one', async () => {
  let reads = 0
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const slow = cached(() => ({}), {
    handle: async () => {
      reads++
      await gate
      throw new Problem('not_found', 'http.no_such_route')
    },
  })
  await using http = await openTestHttp([slow])
  const asking = Array.from({ length: 50 }, () => http.inject({ path: '/api/films/a' }))
  await expect.poll(() => reads).toBe(1)
  open()
  expect(new Set((await Promise.all(asking)).map(({ status }) => status))).toEqual(new Set([404]))
  await http.inject({ path: '/api/films/a' })
  expect(reads).toBe(2)
})

describeWith('redis')('over several processes', () => {
  test('500 requests at once on 3 processes with everything cold reach the database once, and a change is seen everywhere', async () => {
    await using redis = await openRedis()
    const script = fileURLToPath(import.meta.resolve('#server/testing/children/cached-route.ts'))
    const processes = Array.from({ length: 3 }, () => startProcess(process.execPath, [script, redis.url]))
    try {
      const ports: string[] = []
      await until(
        async () => {
          const found = processes.map((one) => /listening (\d+)/.exec(one.output())?.[1])
          ports.splice(0, ports.length, ...found.filter((port) => port !== undefined))
          return ports.length === 3
        },
        { what: 'three processes', processes },
      )
      const ask = async (i: number, film = 'a') => (await fetch(`http://127.0.0.1:${ports[i % 3]}/api/films/${film}`)).json()
      // What is cold is the answer; the code has been loaded.
      await Promise.all([0, 1, 2].map((i) => ask(i, 'other')))
      const answers = await Promise.all(Array.from({ length: 500 }, (_, i) => ask(i)))
      expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"id":"a","reads":1}']))
      expect(await redis.ask('GET', 'reads:a')).toBe('1')
      await fetch(`http://127.0.0.1:${ports[0]}/api/films/a/changes`, { method: 'POST' })
      for (const i of [0, 1, 2]) await expect.poll(() => ask(i)).toEqual({ id: 'a', reads: 2 })
    } finally {
      await Promise.all(processes.map((one) => one.kill()))
    }
  })
})
