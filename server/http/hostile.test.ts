import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { openTestHttp, type TestHttp } from '#server/testing/http.ts'
import { type Route, route } from './route.ts'

const asked: string[] = []
const say = (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', more: Partial<Route> = {}) =>
  route({
    method,
    path: '/words',
    at: 'both',
    area: 'test',
    summary: 'Takes a word.',
    access: 'anyone',
    body: Type.Object({ word: Type.String({ maxLength: 5 }), more: Type.Optional(Type.Record(Type.String(), Type.Unknown())) }),
    answers: { 200: Type.Object({ word: Type.String() }) },
    handle: async ({ body }) => {
      asked.push(body.word)
      return { status: 200, body: { word: body.word } }
    },
    ...(more as object),
  })

const look = route({
  method: 'GET',
  path: '/me',
  area: 'test',
  summary: 'Says who asks from where.',
  access: 'anyone',
  answers: { 200: Type.Object({ address: Type.String(), origin: Type.String(), kind: Type.String() }) },
  limits: [{ name: 'looks', limit: { count: 10, periodMs: 900_000 }, per: 'address' }],
  handle: async ({ viewer, origin }) => ({ status: 200, body: { address: viewer.address, origin, kind: viewer.kind } }),
})

const unlimited = { settings: { requestsPerMinute: 1_000_000 } }

describe('[T20] requests that another site makes a browser send', () => {
  const hostile = [
    'null',
    'https://evil.example',
    'http://localhost.evil.example',
    'http://evil-localhost',
    'https://localhost',
    'http://localhost:81',
    'http://LOCALHOST',
    'http://localhost/',
    'http://localhost%20',
    'http://user@localhost',
    '',
    'file://',
    'http://127.0.0.1',
    'about:blank',
    'http://localhost,http://evil.example',
  ]
  const kinds = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']

  test('with a cookie or a foreign Origin nothing is changed, whatever the body calls itself', async () => {
    const methods = ['POST', 'PUT', 'PATCH', 'DELETE'] as const
    await using http = await openTestHttp(
      methods.map((method) => say(method)),
      unlimited,
    )
    asked.length = 0
    for (const method of methods) {
      for (const kind of kinds) {
        for (const origin of [undefined, ...hostile]) {
          const headers = {
            cookie: 'matinee=member',
            ...(kind ? { 'content-type': kind } : {}),
            ...(origin === undefined ? {} : { origin }),
          }
          const { status, json } = await http.inject({ method, path: '/api/words', headers, body: '{"word":"a"}' })
          expect([method, kind, origin, status, (json as { code: string }).code]).toEqual([
            method,
            kind,
            origin,
            403,
            'http.foreign_origin',
          ])
        }
        const bare = await http.inject({
          method,
          path: '/words',
          headers: { origin: 'https://evil.example', ...(kind ? { 'content-type': kind } : {}) },
          body: '{"word":"a"}',
        })
        expect(bare.status).toBe(403)
      }
    }
    expect(asked).toEqual([])
  })

  test('our own pages pass with a cookie, programs without one pass with no Origin', async () => {
    await using http = await openTestHttp([say('POST')], unlimited)
    const send = async (headers: Record<string, string>) =>
      (await http.inject({ method: 'POST', path: '/api/words', headers, body: { word: 'a' } })).status
    expect(await send({ cookie: 'matinee=member', origin: 'http://localhost' })).toBe(200)
    expect(await send({ authorization: 'Bearer member' })).toBe(200)
    expect(await send({})).toBe(200)
    expect(await send({ cookie: 'theme=dark' })).toBe(200)
  })

  test('a configured house is asked by its name alone, or from the machine itself', async () => {
    await using http = await openTestHttp([say('POST')], { settings: { origins: ['https://cinema.example'] } })
    const send = async (origin: string, host: string) =>
      (await http.inject({ method: 'POST', path: '/api/words', headers: { cookie: 'matinee=member', origin, host }, body: { word: 'a' } }))
        .status
    expect(await send('https://cinema.example', 'cinema.example')).toBe(200)
    expect(await send('http://localhost:8080', 'localhost:8080')).toBe(200)
    // A name that was bent to our address (DNS rebinding) names itself in both.
    expect(await send('http://evil.example', 'evil.example')).toBe(403)
  })

  test('a listed form needs the same origin and a token that we made for this very viewer', async () => {
    const form = route({
      method: 'POST',
      path: '/letters',
      at: 'root',
      area: 'test',
      summary: 'Takes a letter by a form.',
      access: 'anyone',
      page: true,
      form: true,
      body: Type.Object({ text: Type.String(), copies: Type.Optional(Type.Integer()), to: Type.Optional(Type.Array(Type.String())) }),
      answers: { 303: null },
      handle: async ({ body, isForm }) => ({ status: 303, headers: { location: `/letters?${JSON.stringify(body)}${isForm}` } }),
    })
    const tokens = route({
      method: 'GET',
      path: '/token',
      area: 'test',
      summary: 'Makes a token.',
      access: 'anyone',
      answers: { 200: Type.Object({ token: Type.String() }) },
      handle: async (call) => ({ status: 200, body: { token: call.formToken() } }),
    })
    await using http = await openTestHttp([form, tokens])
    const tokenOf = async (cookie?: string) =>
      ((await http.inject({ path: '/api/token', headers: cookie ? { cookie } : {} })).json as { token: string }).token
    const mine = await tokenOf('matinee=member')
    const send = async (fields: Record<string, string>, headers: Record<string, string> = {}) =>
      http.inject({
        method: 'POST',
        path: '/letters',
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: 'matinee=member', origin: 'http://localhost', ...headers },
        body: new URLSearchParams(fields).toString(),
      })
    const good = await send({ formToken: mine, text: 'Hello', copies: '2', to: 'a' })
    expect([good.status, good.headers.location]).toEqual([303, '/letters?{"text":"Hello","copies":2,"to":["a"]}true'])
    expect(await tokenOf('matinee=member')).not.toBe(mine)
    const others = [
      await tokenOf(),
      await tokenOf('matinee=admin'),
      `${mine.slice(0, -1)}${mine.endsWith('A') ? 'B' : 'A'}`,
      '',
      'x'.repeat(42),
    ]
    for (const formToken of others) expect((await send({ formToken, text: 'Hello' })).status).toBe(403)
    expect((await send({ formToken: mine, text: 'Hello' }, { origin: 'https://evil.example' })).status).toBe(403)
    expect(
      (
        await http.inject({
          method: 'POST',
          path: '/letters',
          headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: 'matinee=member' },
          body: `formToken=${mine}&text=a`,
        })
      ).status,
    ).toBe(403)
    expect((await send({ formToken: mine, text: 'a', more: 'b' })).status).toBe(400)
  })
})

test('[T21] thirty spellings of a content type: the schema is asked, or nothing is', async () => {
  const spellings = [
    'application/json',
    'APPLICATION/JSON',
    'application/json;charset=utf-8',
    'application/json; charset=UTF-8',
    'application/json ; charset="utf-8"',
    'application/json\t',
    ' application/json',
    'application/json;',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
    'application/json;charset=utf-8;charset=utf-16',
    'application/json; a=b',
    'application/json,text/plain',
    'application/json text/plain',
    'application/jsonx',
    'application/json+x',
    'application/vnd.api+json',
    'text/json',
    'text/plain',
    'text/plain; application/json',
    'x application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=application/json',
    'application / json',
    'application/json\u00a0',
    '"application/json"',
    'application/json; charset=utf-7',
    'json',
    '*/*',
    'application/octet-stream',
  ]
  expect(spellings).toHaveLength(30)
  await using http = await openTestHttp([say('POST')], unlimited)
  asked.length = 0
  const passed: string[] = []
  for (const spelling of [...spellings, undefined]) {
    const headers = spelling === undefined ? {} : { 'content-type': spelling }
    const bad = await http.inject({ method: 'POST', path: '/words', headers, body: '{"word":"far too long"}' })
    expect([spelling, [400, 415].includes(bad.status)]).toEqual([spelling, true])
    const good = await http.inject({ method: 'POST', path: '/words', headers, body: '{"word":"short"}' })
    if (good.status === 200) passed.push(spelling ?? '')
    else expect([spelling, good.status]).toEqual([spelling, 415])
  }
  expect(passed).toEqual([
    'application/json',
    'APPLICATION/JSON',
    'application/json;charset=utf-8',
    'application/json; charset=UTF-8',
    'application/json ; charset="utf-8"',
    'application/json\t',
    ' application/json',
  ])
  expect(asked.every((word) => word === 'short')).toBe(true)
})

test('bodies that are no JSON, reach for prototypes, are bottomless, packed or too large are refused', async () => {
  await using http = await openTestHttp([say('POST', { bodyLimitBytes: 4000 })], unlimited)
  const send = async (body: string | Uint8Array, headers: Record<string, string> = {}) => {
    const { status, json } = await http.inject({
      method: 'POST',
      path: '/words',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    return `${status} ${(json as { code?: string }).code ?? ''}`
  }
  const bad = '400 http.bad_json'
  for (const body of ['{', '{"word":1,}', "{'word':'a'}", 'NaN', '{"word":"a"}{}']) expect([body, await send(body)]).toEqual([body, bad])
  const reaching = [
    '{"word":"a","more":{"__proto__":{"isAdmin":true}}}',
    '{"word":"a","__proto__":1}',
    '{"word":"a","more":{"\\u005f_proto__":1}}',
    '{"word":"a","more":{"constructor":{"prototype":{}}}}',
    '{"word":"a","more":{"a":[{"__pr\\u006fto__":1}]}}',
  ]
  for (const body of reaching) expect([body, await send(body)]).toEqual([body, bad])
  expect(await send('{"word":"a","more":{"constructor":"of bridges"}}')).toBe('200 ')
  expect(await send(`{"word":"a","more":{"a":${'['.repeat(40)}${']'.repeat(40)}}}`)).toBe(bad)
  expect(await send(new Uint8Array([0x7b, 0xff, 0x7d]))).toBe('400 http.bad_request')
  expect(await send('{"word":"a"}', { 'content-encoding': 'gzip' })).toBe('415 http.wrong_media_type')
  expect(await send(JSON.stringify({ word: 'a', more: { a: 'x'.repeat(4000) } }))).toBe('413 http.body_too_large')
  expect(await send(JSON.stringify({ word: 'a', more: { a: 'x'.repeat(4000) } }), { 'transfer-encoding': 'chunked' })).toBe(
    '413 http.body_too_large',
  )
  expect(await send('')).toBe('400 http.body_missing')
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
})

describe('[T17] addresses', () => {
  const from = (http: TestHttp, address: string, headers: Record<string, string> = {}) =>
    http.inject({ path: '/api/me', from: address, headers })

  test('nobody chooses an address: of 200 guesses with ever new X-Forwarded-For 10 are let through', async () => {
    await using http = await openTestHttp([look], unlimited)
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        from(http, '203.0.113.5', {
          'x-forwarded-for': `10.0.${i}.1`,
          'x-real-ip': `10.1.${i}.1`,
          forwarded: `for=10.2.${i}.1`,
          'client-ip': `10.3.${i}.1`,
        }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
    const refused = answers.find(({ status }) => status === 429)
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(60)
    expect(refused?.headers).toMatchObject({ 'ratelimit-limit': '10', 'ratelimit-remaining': '0' })
  })

  test('of a v6 network all addresses are one, and v4 in v6 is v4', async () => {
    await using http = await openTestHttp([look], unlimited)
    for (let i = 0; i < 10; i++) expect((await from(http, `2001:db8:1:2:${i}::${i + 1}`)).status).toBe(200)
    expect((await from(http, '2001:db8:1:2:ffff::1')).status).toBe(429)
    expect((await from(http, '2001:db8:1:3::1')).status).toBe(200)
    for (let i = 0; i < 10; i++) await from(http, i % 2 ? '203.0.113.6' : '::ffff:203.0.113.6')
    expect((await from(http, '203.0.113.6')).status).toBe(429)
  })

  test('a listed proxy is believed from the right, over listed hops alone, for address, scheme and host', async () => {
    await using http = await openTestHttp([look], { settings: { trustedProxies: ['10.0.0.0/8', 'fd00::/8', '192.0.2.1'] } })
    const seen = async (address: string, headers: Record<string, string>) => {
      const { address: client, origin } = (await from(http, address, headers)).json as { address: string; origin: string }
      return `${client} ${origin}`
    }
    expect(
      await seen('10.0.0.1', { 'x-forwarded-for': '203.0.113.1', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'cinema.example' }),
    ).toBe('203.0.113.1 https://cinema.example')
    expect(await seen('10.0.0.1', { 'x-forwarded-for': '1.1.1.1, 203.0.113.2, 192.0.2.1, 10.2.3.4' })).toBe('203.0.113.2 http://localhost')
    expect(await seen('10.0.0.1', { 'x-forwarded-for': '203.0.113.3', 'x-forwarded-proto': 'https, http' })).toBe(
      '203.0.113.3 http://localhost',
    )
    expect(await seen('10.0.0.1', { 'x-forwarded-for': '203.0.113.3, 10.9.9.9', 'x-forwarded-proto': 'https, http' })).toBe(
      '203.0.113.3 https://localhost',
    )
    expect(await seen('fd00::1', { 'x-forwarded-for': '[2001:db8::5]:4711' })).toBe('2001:db8::5 http://localhost')
    expect(await seen('10.0.0.1', { 'x-forwarded-for': '203.0.113.4, nonsense', 'x-forwarded-host': 'evil.example/path' })).toBe(
      '10.0.0.1 http://localhost',
    )
    expect(await seen('10.0.0.1', {})).toBe('10.0.0.1 http://localhost')
    expect(
      await seen('203.0.113.9', { 'x-forwarded-for': '10.0.0.1', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' }),
    ).toBe('203.0.113.9 http://localhost')
  })

  test('over HTTPS cookies are bound to the host, others do not count, and the browser is told to stay', async () => {
    const login = route({
      method: 'POST',
      path: '/login',
      area: 'test',
      summary: 'Logs in.',
      access: 'anyone',
      sessionless: true,
      answers: { 200: Type.Object({ ok: Type.Boolean() }) },
      handle: async () => ({ status: 200, cookies: [{ name: 'matinee', value: 'member', maxAgeS: 60 }], body: { ok: true } }),
    })
    await using http = await openTestHttp([login, look], { settings: { trustedProxies: ['10.0.0.1'] } })
    const over = (proto: string, headers: Record<string, string> = {}) => ({
      from: '10.0.0.1',
      headers: { 'x-forwarded-for': '203.0.113.1', 'x-forwarded-proto': proto, ...headers },
    })
    const secure = await http.inject({ method: 'POST', path: '/api/login', ...over('https') })
    expect(secure.headers['set-cookie']).toEqual(['__Host-matinee=member; Path=/; SameSite=Lax; Max-Age=60; HttpOnly; Secure'])
    expect(secure.headers).toMatchObject({ 'strict-transport-security': 'max-age=31536000', 'cache-control': 'no-store' })
    const open = await http.inject({ method: 'POST', path: '/api/login', ...over('http') })
    expect(open.headers['set-cookie']).toEqual(['matinee=member; Path=/; SameSite=Lax; Max-Age=60; HttpOnly'])
    expect(open.headers['strict-transport-security']).toBeUndefined()
    const kind = async (proto: string, cookie: string) =>
      ((await http.inject({ path: '/api/me', ...over(proto, { cookie }) })).json as { kind: string }).kind
    expect([
      await kind('https', '__Host-matinee=member'),
      await kind('https', 'matinee=member'),
      await kind('http', '__Host-matinee=member'),
    ]).toEqual(['person', 'stranger', 'stranger'])
  })
})

test('a listed site may read and write with a token of its own, never with cookies; no other may anything', async () => {
  await using http = await openTestHttp([look, say('POST')], { settings: { corsOrigins: ['https://friend.example'] } })
  const friend = { origin: 'https://friend.example' }
  const preflight = await http.inject({
    method: 'OPTIONS',
    path: '/api/words',
    headers: { ...friend, 'access-control-request-method': 'POST' },
  })
  expect(preflight).toMatchObject({
    status: 204,
    headers: { 'access-control-allow-origin': 'https://friend.example', 'access-control-allow-methods': 'OPTIONS, POST', vary: 'origin' },
  })
  expect(preflight.headers['access-control-allow-credentials']).toBeUndefined()
  const read = await http.inject({ path: '/api/me', headers: friend })
  expect(read.headers).toMatchObject({ 'access-control-allow-origin': 'https://friend.example', vary: expect.stringContaining('origin') })
  const send = async (headers: Record<string, string>) =>
    (await http.inject({ method: 'POST', path: '/api/words', headers, body: { word: 'a' } })).status
  expect(await send({ ...friend, authorization: 'Bearer member' })).toBe(200)
  expect(await send({ ...friend, cookie: 'matinee=member' })).toBe(403)
  const foe = await http.inject({
    method: 'OPTIONS',
    path: '/api/words',
    headers: { origin: 'https://foe.example', 'access-control-request-method': 'POST' },
  })
  expect(Object.keys(foe.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
})

test('people are limited by themselves, so that a classroom behind one address goes on', async () => {
  await using http = await openTestHttp([look], { settings: { requestsPerMinute: 20 } })
  const ask = async (headers: Record<string, string> = {}) => (await http.inject({ path: '/api/nowhere', headers })).status
  const limited = route({
    method: 'GET',
    path: '/x',
    area: 'test',
    summary: 'Answers.',
    access: 'anyone',
    answers: { 200: Type.Object({}) },
    handle: async () => ({ status: 200, body: {} }),
  })
  await using flooded = await openTestHttp([limited], { settings: { requestsPerMinute: 20 } })
  const statuses = []
  for (let i = 0; i < 12; i++) statuses.push((await flooded.inject({ path: '/api/x' })).status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(10)
  expect((await flooded.inject({ path: '/api/x', headers: { authorization: 'Bearer member' } })).status).toBe(200)
  expect((await flooded.inject({ path: '/health' })).status).toBe(200)
  expect(await ask()).toBe(404)
})
