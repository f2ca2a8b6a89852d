import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callAs, codeOf, cookieOf, fieldsOf, goodPassword, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'

describe.each(['', '/api'])('the contract of users and sessions at "%s/user"', (base) => {
  let matinee: TestMatinee
  let owner: Visitor
  let stranger: Visitor['call']
  let count = 0
  const newName = () => `guest${++count}`

  beforeAll(async () => {
    matinee = await startMatinee('embedded')
    owner = await joinAsOwner(matinee)
    stranger = callAs(matinee)
  })
  afterAll(() => matinee[Symbol.asyncDispose]())

  const login = (username: string, password = goodPassword) =>
    stranger('POST', `${base}/user/${encodeURIComponent(username)}`, { password })

  describe('register', () => {
    test('201: a session, a bearer token and a cookie that script cannot read', async () => {
      const answer = await stranger('POST', `${base}/user`, { username: '林小美', password: goodPassword })
      expect(answer.status).toBe(201)
      expect(answer.json).toMatchObject({
        token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        user: { id: expect.any(String), username: '林小美', role: 'member' },
      })
      expect(Date.parse((answer.json as { expiresAt: string }).expiresAt)).toBeGreaterThan(Date.now() + 29 * 86_400_000)
      expect(answer.headers['set-cookie']?.[0]).toMatch(/^matinee=[\w.-]+; Path=\/; SameSite=Lax; Max-Age=\d+; HttpOnly$/)
      expect(answer.headers['cache-control']).toBe('no-store')
      expect(answer.text).not.toMatch(/argon2|password/)
    })

    test('201 with fields that nobody knows: the contract ignores them, also those that would help', async () => {
      const answer = await stranger('POST', `${base}/user`, {
        username: newName(),
        password: goodPassword,
        role: 'owner',
        state: 'active',
        isAdmin: true,
        id: 'x',
      })
      expect([answer.status, (answer.json as { user: { role: string } }).user.role]).toEqual([201, 'member'])
    })

    test('400: every wrong field is named', async () => {
      const answer = await stranger('POST', `${base}/user`, { username: '_', password: 'short', timeZone: 'Atlantis/Capital' })
      expect([answer.status, fieldsOf(answer)]).toEqual([
        400,
        ['username: username.length', 'password: password.short', 'timeZone: profile.time_zone'],
      ])
      expect(fieldsOf(await stranger('POST', `${base}/user`, { username: '', password: '' }))).toEqual([
        'username: username.length',
        'password: password.short',
      ])
      expect(fieldsOf(await stranger('POST', `${base}/user`, {})).sort()).toEqual(['password: field.required', 'username: field.required'])
      expect(fieldsOf(await stranger('POST', `${base}/user`, { username: 7, password: null })).sort()).toEqual([
        'password: field.wrong_type',
        'username: field.wrong_type',
      ])
    })

    test.each([
      ['password1', 'password.common'],
      ['1234567', 'password.short'],
      ['Password-Person', 'password.is_name'],
    ])('400: %s is no password', async (password, code) => {
      const answer = await stranger('POST', `${base}/user`, { username: 'password_person', password })
      expect([answer.status, fieldsOf(answer)]).toEqual([400, [`password: ${code}`]])
    })

    test.each([['{'], ['[]'], ['null'], ['"x"'], ['']])('400: a body that is no object: %j', async (body) => {
      expect((await stranger('POST', `${base}/user`, body, { 'content-type': 'application/json' })).status).toBe(400)
    })

    test('409: the name is taken, however it is written', async () => {
      const name = newName()
      await join(matinee, name)
      for (const other of [
        name,
        name.toUpperCase(),
        [...name].map((letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)).join(''),
      ]) {
        const answer = await stranger('POST', `${base}/user`, { username: other, password: goodPassword })
        expect([answer.status, codeOf(answer)], other).toEqual([409, 'user.name_taken'])
      }
    })

    test('415 and 413: what is no JSON, and what is too much of it', async () => {
      expect((await stranger('POST', `${base}/user`, 'username=a', { 'content-type': 'text/plain' })).status).toBe(415)
      expect((await stranger('POST', `${base}/user`, { username: 'x', password: 'y'.repeat(2_000_000) })).status).toBe(413)
    })
  })

  describe('log in', () => {
    test('200: a session, by any spelling of the name', async () => {
      const name = newName()
      await join(matinee, name)
      for (const spelled of [name, name.toUpperCase()]) {
        const answer = await login(spelled)
        expect([answer.status, (answer.json as { user: { username: string } }).user.username]).toEqual([200, name])
        expect(cookieOf(answer)).toMatch(/^matinee=/)
        const { token } = answer.json as { token: string }
        expect((await callAs(matinee, token)('GET', '/api/me')).json).toMatchObject({ user: { username: name } })
      }
    })

    test('200 for whoever still shows a dead cookie', async () => {
      const name = newName()
      await join(matinee, name)
      const answer = await stranger(
        'POST',
        `${base}/user/${name}`,
        { password: goodPassword },
        { cookie: 'matinee=dead', origin: 'http://localhost' },
      )
      expect(answer.status).toBe(200)
    })

    test('400: no password, or none that is text', async () => {
      const name = newName()
      await join(matinee, name)
      for (const body of [{}, { password: 7 }, { password: '' }, { password: 'x'.repeat(257) }]) {
        expect((await stranger('POST', `${base}/user/${name}`, body)).status, JSON.stringify(body)).toBe(400)
      }
    })

    test('401: a wrong name and a wrong password are told the same', async () => {
      const name = newName()
      await join(matinee, name)
      const [wrong, unknown] = [await login(name, 'not the right one'), await login('nobody-here', 'not the right one')]
      const told = ({ status, json }: typeof wrong) => ({ status, ...(json as object), requestId: '' })
      expect(wrong.status).toBe(401)
      expect(told(wrong)).toEqual(told(unknown))
      expect(cookieOf(wrong)).toBe('')
    })

    test('429: after ten failures the account is closed to guesses for a while, and successes do not count', async () => {
      const name = newName()
      await join(matinee, name)
      const from = callAs(matinee, undefined, '198.51.100.3')
      const attempt = async (password: string) => (await from('POST', `${base}/user/${name}`, { password })).status
      for (let i = 0; i < 12; i++) expect(await attempt(goodPassword)).toBe(200)
      const statuses = []
      for (let i = 0; i < 12; i++) statuses.push(await attempt(`wrong ${i} wrong`))
      expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
      const refused = await from('POST', `${base}/user/${name}`, { password: goodPassword })
      expect([refused.status, codeOf(refused)]).toEqual([429, 'session.too_many'])
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    })
  })

  describe('a profile', () => {
    test('200: its own person sees more than others', async () => {
      const person = await join(matinee, newName())
      const own = (await person.call('GET', `${base}/user/${person.username}`)).json
      const seen = (await stranger('GET', `${base}/user/${person.username}`)).json
      expect(own).toMatchObject({ username: person.username, audience: 'everyone', hasSecondFactor: false })
      expect(Object.keys(seen as object).sort()).toEqual(['avatar', 'bio', 'createdAt', 'displayName', 'id', 'role', 'username'])
    })

    test('401: an invalid token is never taken for a stranger', async () => {
      const person = await join(matinee, newName())
      for (const token of ['x', `${person.token}x`, person.token.slice(0, -4)]) {
        expect((await callAs(matinee, token)('GET', `${base}/user/${person.username}`)).status).toBe(401)
      }
      expect((await stranger('GET', `${base}/user/${person.username}`, undefined, { cookie: 'matinee=dead' })).status).toBe(401)
    })

    test('403: it is closed to this viewer; 401 where logging in would help; 404: nobody of this name', async () => {
      const person = await join(matinee, newName())
      const other = await join(matinee, newName())
      const seen = async () =>
        Promise.all(
          [stranger, other.call, person.call, owner.call].map(
            async (call) => (await call('GET', `${base}/user/${person.username}`)).status,
          ),
        )
      await person.call('PATCH', '/api/me', { audience: 'nobody' })
      expect(await seen()).toEqual([401, 403, 200, 200])
      await person.call('PATCH', '/api/me', { audience: 'members' })
      expect(await seen()).toEqual([401, 200, 200, 200])
      expect((await stranger('GET', `${base}/user/nobody-here`)).status).toBe(404)
    })

    test('400: a name that cannot be read', async () => {
      expect((await stranger('GET', `${base}/user/%E0%A4%A`)).status).toBe(400)
      expect((await stranger('GET', `${base}/user/${'x'.repeat(65)}`)).status).toBe(400)
    })
  })

  describe('closing', () => {
    test('204 by bearer token alone: nothing is left but a name that nobody takes', async () => {
      const person = await join(matinee, newName())
      expect((await person.call('DELETE', `${base}/user/${person.username}`)).status).toBe(204)
      expect((await person.call('GET', '/api/me')).status).toBe(401)
      expect((await login(person.username)).status).toBe(401)
      expect((await stranger('GET', `${base}/user/${person.username}`)).status).toBe(404)
      expect((await stranger('POST', `${base}/user`, { username: person.username, password: goodPassword })).status).toBe(409)
    })

    test('by cookie the password is asked again: 400 without it, 403 with a wrong one, 204 with the right one', async () => {
      const name = newName()
      await join(matinee, name)
      const cookie = cookieOf(await login(name))
      const close = async (body?: object) =>
        (await stranger('DELETE', `${base}/user/${name}`, body, { cookie, origin: 'http://localhost' })).status
      expect(await close()).toBe(400)
      expect(await close({ password: 'not the right one' })).toBe(403)
      expect(await close({ password: goodPassword })).toBe(204)
    })

    test('401 for strangers, 403 for others, 404 for nobody', async () => {
      const person = await join(matinee, newName())
      const other = await join(matinee, newName())
      expect((await stranger('DELETE', `${base}/user/${person.username}`)).status).toBe(401)
      expect((await other.call('DELETE', `${base}/user/${person.username}`)).status).toBe(403)
      expect((await other.call('DELETE', `${base}/user/nobody-here`)).status).toBe(404)
      expect((await person.call('GET', '/api/me')).status).toBe(200)
    })

    test('403: a cookie from a page of another site closes nothing', async () => {
      const name = newName()
      await join(matinee, name)
      const cookie = cookieOf(await login(name))
      for (const origin of ['http://evil.example', 'null', 'http://localhost.evil.example']) {
        const answer = await stranger('DELETE', `${base}/user/${name}`, { password: goodPassword }, { cookie, origin })
        expect(answer.status, origin).toBe(403)
      }
    })

    test('an admin closes the account of a member, and not that of the owner', async () => {
      const person = await join(matinee, newName())
      expect((await owner.call('DELETE', `${base}/user/${person.username}`)).status).toBe(204)
      const other = await join(matinee, newName())
      expect((await other.call('DELETE', `${base}/user/owner`)).status).toBe(403)
    })
  })

  test('DELETE /session logs out: 204, the cookie is taken away, the token is dead; 401 the second time', async () => {
    const person = await join(matinee, newName())
    const answer = await person.call('DELETE', `${base}/session`)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^matinee=; .*Max-Age=0/)
    expect((await person.call('DELETE', `${base}/session`)).status).toBe(401)
    expect((await stranger('DELETE', `${base}/session`)).status).toBe(401)
  })

  test('the videos of a user: an empty page for now, 404 where there is nobody', async () => {
    const person = await join(matinee, newName())
    const answer = await stranger('GET', `${base}/user/${person.username}/videos`)
    expect([answer.status, answer.json]).toEqual([200, { items: [], nextCursor: null }])
    expect((await stranger('GET', `${base}/user/${person.username}/videos?limit=0`)).status).toBe(400)
    expect((await stranger('GET', `${base}/user/nobody-here/videos`)).status).toBe(404)
  })

  test('over HTTPS the cookie is bound to this very host', async () => {
    const https = await startMatinee('embedded', { set: { 'http.trustedProxies': '127.0.0.1' } })
    await using _ = https
    const answer = await https.inject({
      method: 'POST',
      path: `${base}/user`,
      body: { username: 'alice', password: goodPassword },
      headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' },
    })
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-matinee=[\w.-]+; Path=\/; SameSite=Lax; Max-Age=\d+; HttpOnly; Secure$/)
  })
})

test('GET /api/me answers 200 with null to strangers, and only there', async () => {
  await using matinee = await startMatinee('embedded')
  expect((await matinee.inject({ path: '/api/me' })).json).toEqual({ user: null })
  expect((await matinee.inject({ path: '/api/me', headers: { authorization: 'Bearer x' } })).status).toBe(401)
})
