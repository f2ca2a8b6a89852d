import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { createSqlRepeats } from '#server/adapters/repeats/sql-repeats.ts'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { Problem } from '#server/lib/problem.ts'
import { openTestHttp, type TestHttp } from '#server/testing/http.ts'
import { openRows } from '#server/testing/rows.ts'
import { route } from './route.ts'

function writing() {
  const done: string[] = []
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const write = route({
    method: 'POST',
    path: '/letters',
    area: 'test',
    summary: 'Writes a letter.',
    access: 'anyone',
    idempotent: true,
    body: Type.Object({ text: Type.String() }),
    answers: { 201: Type.Object({ id: Type.Integer(), token: Type.String() }) },
    handle: async ({ body }) => {
      if (body.text === 'wait') await gate
      if (body.text === 'refused' && !done.includes('refused')) {
        done.push('refused')
        throw new Problem('conflict', 'access.forbidden')
      }
      const id = done.push(body.text)
      return {
        status: 201,
        headers: { location: `/letters/${id}` },
        cookies: [{ name: 'matinee', value: `secret-${id}` }],
        body: { id, token: `secret-${id}` },
      }
    },
  })
  return { done, open, write }
}

const send = (http: TestHttp, key: string | undefined, text: string, token?: string) =>
  http.inject({
    method: 'POST',
    path: '/api/letters',
    headers: { ...(key === undefined ? {} : { 'idempotency-key': key }), ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: { text },
  })

test('a call sent twice with one key happens once, and the second answer is the first to the letter', async () => {
  await using rows = await openRows()
  const { done, write } = writing()
  const repeats = createSqlRepeats({ db: rows.db.pick(), clock: systemClock })
  await using http = await openTestHttp([write], { repeats })
  const first = await send(http, 'key-00000001', 'Hello', 'member')
  const again = await send(http, 'key-00000001', 'Hello', 'member')
  expect([again.status, again.json, again.headers.location, again.headers['set-cookie']]).toEqual([
    first.status,
    first.json,
    first.headers.location,
    first.headers['set-cookie'],
  ])
  expect([first.headers['idempotent-replayed'], again.headers['idempotent-replayed']]).toEqual([undefined, 'true'])
  expect(done).toEqual(['Hello'])
  expect(await send(http, 'key-00000001', 'Other', 'member')).toMatchObject({ status: 409, json: { code: 'http.idempotency_key_reused' } })
  await send(http, 'key-00000001', 'Hello', 'admin')
  await send(http, undefined, 'Hello', 'member')
  expect(done).toHaveLength(3)
  const [row] = await rows.db.primary.selectFrom('repeated_call').selectAll().execute()
  expect(JSON.stringify(row)).not.toMatch(/secret|key-0000/)
  expect(Buffer.from(row?.answer ?? '', 'base64').toString('latin1')).not.toContain('secret')
})

test('strangers who chose the same key are not each other’s', async () => {
  const { done, write } = writing()
  await using http = await openTestHttp([write])
  const mine = await send(http, '12345678', 'mine')
  const theirs = await send(http, '12345678', 'theirs')
  expect([mine.status, theirs.status, done]).toEqual([201, 201, ['mine', 'theirs']])
  expect((await send(http, '12345678', 'mine')).json).toEqual(mine.json)
})

test('of ten at once one is carried out, the others are told to wait; what was refused may be asked again', async () => {
  const { done, open, write } = writing()
  await using http = await openTestHttp([write])
  const asking = Array.from({ length: 10 }, () => send(http, 'key-00000002', 'wait'))
  const refused = await Promise.any(asking)
  expect(refused).toMatchObject({ status: 409, headers: { 'retry-after': '1' }, json: { code: 'http.idempotency_key_running' } })
  open()
  expect((await Promise.all(asking)).filter(({ status }) => status === 201)).toHaveLength(1)
  expect(done).toEqual(['wait'])
  expect((await send(http, 'key-00000003', 'refused')).status).toBe(409)
  expect((await send(http, 'key-00000003', 'refused')).status).toBe(201)
})

test('a key must be long enough to be one', async () => {
  const { write } = writing()
  await using http = await openTestHttp([write])
  for (const key of ['short', 'with a space', 'ключ-ключ', 'k'.repeat(129)]) {
    const sent = Buffer.from(key).toString('latin1')
    expect([key, (await send(http, sent, 'a')).json]).toMatchObject([key, { code: 'http.idempotency_key_malformed' }])
  }
})
