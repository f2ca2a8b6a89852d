import { describe, expect, test } from 'vitest'
import { createApi } from './api.ts'
import { ApiFailure } from './failure.ts'
import { Renewal } from './renewal.ts'

type Answer = Response | Error | (() => Promise<Response>)
type Call = { url: string; init: RequestInit }

function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json; charset=utf-8', ...headers } })
}

const over = () => json(401, { code: 'session.invalid', title: 'Signed out' })

/** An API whose network gives these answers in turn, and which waits without waiting. */
function open(answers: Answer[], renewSession: () => Promise<boolean> = () => Promise.resolve(false), renewal?: Renewal) {
  const calls: Call[] = []
  const pauses: number[] = []
  const api = createApi({
    fetch: (input, init) => {
      calls.push({ url: typeof input === 'string' ? input : 'no address', init: init ?? {} })
      const answer = answers.shift()
      if (answer === undefined) throw new Error('Nobody expected this call.')
      if (answer instanceof Error) return Promise.reject(answer)
      return answer instanceof Response ? Promise.resolve(answer) : answer()
    },
    language: () => 'zh-TW',
    renewSession,
    leaving: (act) => renewal?.leaving(act),
    wait: (ms, signal) => {
      pauses.push(ms)
      return signal?.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve()
    },
  })
  return { api, calls, pauses, answers }
}

async function failureOf(call: Promise<unknown>): Promise<ApiFailure> {
  const reason = await call.then(
    () => undefined,
    (failure: unknown) => failure,
  )
  if (!(reason instanceof ApiFailure)) throw new Error(`Not a failure of the API: ${String(reason)}`)
  return reason
}

describe('a call', () => {
  test('goes below /api, asks for JSON in the language of the page, and brings the answer', async () => {
    const { api, calls } = open([json(200, { name: 'Matinee' })])
    expect(await api.get('/site')).toEqual({ name: 'Matinee' })
    expect(calls).toEqual([
      { url: '/api/site', init: { method: 'GET', headers: { accept: 'application/json', 'accept-language': 'zh-TW' } } },
    ])
  })

  test('sends JSON as JSON, bytes as they are, and nothing as nothing', async () => {
    const { api, calls } = open([json(200, {}), json(200, {}), new Response(null, { status: 204 })])
    const picture = new Blob(['x'])
    await api.send('POST', '/user', { username: 'ada' })
    await api.send('PUT', '/me/avatar', picture)
    expect(await api.send('DELETE', '/session')).toBeUndefined()
    expect(calls.map(({ init }) => [init.body, new Headers(init.headers).get('content-type')])).toEqual([
      ['{"username":"ada"}', 'application/json'],
      [picture, null],
      [undefined, null],
    ])
  })

  test('that is refused says why, for which fields, when to come again, and the number to tell an admin', async () => {
    const { api } = open([
      json(
        429,
        {
          code: 'limit.reached',
          title: 'Slowly',
          detail: 'Try again in 7 seconds.',
          fields: [{ path: '/user/name', detail: 'Too long.' }],
        },
        { 'retry-after': '7', 'x-request-id': 'r1' },
      ),
    ])
    const failure = await failureOf(api.send('POST', '/user', {}))
    expect(failure.facts).toEqual({
      kind: 'refused',
      status: 429,
      code: 'limit.reached',
      text: 'Try again in 7 seconds.',
      fields: [{ path: 'user.name', text: 'Too long.' }],
      retryAfterMs: 7000,
      requestId: 'r1',
    })
    expect(failure.textFor('user.name')).toBe('Too long.')
  })

  test.each([
    ['a page of a proxy', new Response('<h1>Bad gateway</h1>', { status: 404, headers: { 'content-type': 'text/html' } })],
    ['JSON cut short', new Response('{"code":', { status: 404, headers: { 'content-type': 'application/json' } })],
    ['JSON that is no problem', json(404, { message: 'no' })],
  ])('that is answered by %s with a failing status is broken, not refused', async (_, answer) => {
    expect((await failureOf(open([answer]).api.get('/site'))).facts).toEqual({ kind: 'broken', status: 404 })
  })
})

describe('on a bad line', () => {
  test('a reading is tried three times, with growing pauses', async () => {
    const { api, calls, pauses } = open([new TypeError('no network'), json(503, {}), json(200, { name: 'Matinee' })])
    expect(await api.get('/site')).toEqual({ name: 'Matinee' })
    expect(calls).toHaveLength(3)
    const [first = 0, second = 0] = pauses
    expect(first).toBeGreaterThanOrEqual(150)
    expect(first).toBeLessThanOrEqual(450)
    expect(second).toBeGreaterThanOrEqual(600)
    expect(second).toBeLessThanOrEqual(1800)
  })

  test('a reading that finds nobody three times says that the server is out of reach', async () => {
    const { api, calls } = open([new TypeError('1'), new TypeError('2'), new TypeError('3')])
    const failure = await failureOf(api.get('/site'))
    expect([failure.facts, failure.status, calls.length]).toEqual([{ kind: 'unreachable' }, undefined, 3])
  })

  test('an act is tried once, unless a key makes its repetition harmless', async () => {
    const once = open([new TypeError('no network')])
    await failureOf(once.api.send('POST', '/user', {}))
    expect(once.calls).toHaveLength(1)
    const keyed = open([new TypeError('no network'), json(201, {})])
    await keyed.api.send('POST', '/user', {}, { idempotencyKey: 'k1' })
    expect(keyed.calls.map(({ init }) => new Headers(init.headers).get('idempotency-key'))).toEqual(['k1', 'k1'])
  })

  test('a server that says when to come again is obeyed where that is soon, and not waited for where it is late', async () => {
    const busy = (seconds: string) => json(503, { code: 'house.busy', title: 'Busy' }, { 'retry-after': seconds })
    const soon = open([busy('2'), json(200, {})])
    await soon.api.get('/site')
    expect(soon.pauses).toEqual([2000])
    const late = open([busy('60')])
    expect((await failureOf(late.api.get('/site'))).code).toBe('house.busy')
    expect(late.pauses).toEqual([])
  })

  test.each([400, 403, 404, 409, 429, 500])('an answer of %i is an answer: nothing is tried again', async (status) => {
    const { api, calls } = open([json(status, { code: 'a.b', title: 'No' })])
    expect((await failureOf(api.get('/site'))).status).toBe(status)
    expect(calls).toHaveLength(1)
  })

  test('who gives up ends the call and is no failure of the API', async () => {
    const gaveUp = new DOMException('given up', 'AbortError')
    const { api, calls } = open([gaveUp])
    await expect(api.get('/site', AbortSignal.abort(gaveUp))).rejects.toBe(gaveUp)
    expect(calls).toHaveLength(1)
  })
})

describe('the end of a session', () => {
  test('is asked about once for all calls that meet it together, and they go out again', async () => {
    let asked = 0
    const renewed = Promise.withResolvers<boolean>()
    const { api, calls } = open([over(), over(), json(200, 1), json(200, 2)], () => {
      asked += 1
      return renewed.promise
    })
    const both = Promise.all([api.get('/a'), api.send('POST', '/b', {})])
    // Both have met it before anybody has signed in again.
    await new Promise((resolve) => setImmediate(resolve))
    renewed.resolve(true)
    expect(new Set(await both)).toEqual(new Set([1, 2]))
    expect([asked, calls.length]).toEqual([1, 4])
  })

  test('is the answer where nobody signs in again, and the next call asks anew', async () => {
    let asked = 0
    const { api } = open([over(), over()], () => Promise.resolve(++asked < 0))
    expect((await failureOf(api.get('/a'))).code).toBe('session.invalid')
    expect((await failureOf(api.get('/a'))).code).toBe('session.invalid')
    expect(asked).toBe(2)
  })

  test('is not seen in a wrong password, nor asked about by who leaves', async () => {
    const never = () => Promise.reject(new Error('Nobody was to be asked.'))
    const wrong = open([json(401, { code: 'session.wrong_password', title: 'Wrong' })], never)
    expect((await failureOf(wrong.api.send('POST', '/user/ada', { password: 'x' }))).status).toBe(401)
    const leaving = open([over()], never)
    expect((await failureOf(leaving.api.send('DELETE', '/session', undefined, { endsSession: true }))).status).toBe(401)
  })

  test('is known to the page that asks for it, from the moment of asking; not where the house refuses', async () => {
    const renewal = new Renewal(() => true)
    expect(await renewal.hasLeft()).toBe(false)
    const answered = Promise.withResolvers<Response>()
    const never = () => Promise.reject(new Error('Nobody was to be asked.'))
    const { api } = open([json(403, { code: 'user.wrong_password', title: 'Wrong' }), () => answered.promise], never, renewal)
    await failureOf(api.send('DELETE', '/user/mei', { password: 'x' }, { endsSession: true }))
    expect(await renewal.hasLeft()).toBe(false)
    const act = api.send('DELETE', '/user/mei', { password: 'y' }, { endsSession: true })
    const heard = renewal.hasLeft()
    answered.resolve(new Response(null, { status: 204 }))
    await act
    expect(await heard).toBe(true)
  })
})
