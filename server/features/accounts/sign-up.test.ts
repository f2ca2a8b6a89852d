import { describe, expect, test } from 'vitest'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { callAs, codeOf, fieldsOf, goodPassword, joinAsOwner } from '#server/testing/visitors.ts'

type Body = Record<string, unknown>
const register = (matinee: TestMatinee, body: Body, sent: { from?: string; headers?: Record<string, string> } = {}) =>
  matinee.inject({
    method: 'POST',
    path: '/api/user',
    body: { password: goodPassword, ...body },
    from: sent.from ?? '192.0.2.8',
    headers: sent.headers ?? {},
  })
const roleOf = ({ json }: { json: unknown }) => (json as { user?: { role?: string } }).user?.role

describe('who owns the house', () => {
  test('who first registers from the machine itself; a stranger who comes earlier is a member', async () => {
    await using matinee = await startMatinee('embedded')
    const isNew = async () => ((await matinee.inject({ path: '/api/site' })).json as { isNew: boolean }).isNew
    expect(roleOf(await register(matinee, { username: 'early' }))).toBe('member')
    expect(await isNew()).toBe(true)
    expect(roleOf(await register(matinee, { username: 'first' }, { from: '127.0.0.1' }))).toBe('owner')
    expect(await isNew()).toBe(false)
    expect(roleOf(await register(matinee, { username: 'second' }, { from: '127.0.0.1' }))).toBe('member')
  })

  test('nobody whom a proxy, another host or another page has sent to the machine', async () => {
    await using matinee = await startMatinee('embedded')
    const sent: Record<string, string>[] = [
      { 'x-forwarded-for': '203.0.113.5' },
      { 'x-forwarded-for': '127.0.0.1' },
      { forwarded: 'for=203.0.113.5' },
      { 'x-real-ip': '203.0.113.5' },
      { via: '1.1 proxy' },
      { host: 'cinema.example' },
      { host: 'localhost.evil.example' },
      { host: '127.0.0.1.evil.example' },
      { 'x-forwarded-host': 'cinema.example' },
    ]
    for (const [i, headers] of sent.entries()) {
      expect(roleOf(await register(matinee, { username: `guest${i}` }, { from: '127.0.0.1', headers })), JSON.stringify(headers)).toBe(
        'member',
      )
    }
    const foreign = await register(matinee, { username: 'foreign' }, { from: '127.0.0.1', headers: { origin: 'http://evil.example' } })
    expect(foreign.status).toBe(403)
    expect(roleOf(await register(matinee, { username: 'local' }, { from: '::1', headers: { host: '[::1]:8080' } }))).toBe('owner')
  })

  test('who has the code of the first start, from anywhere, once', async () => {
    await using matinee = await startMatinee('embedded')
    const code = (await matinee.features.accounts.ownerCode()) ?? ''
    expect(code).toMatch(/^([0-9a-z]{4}-){3}[0-9a-z]{4}$/)
    const wrong = await register(matinee, { username: 'guesser', ownerCode: 'aaaa-aaaa-aaaa-aaaa' })
    expect([wrong.status, codeOf(wrong)]).toEqual([403, 'user.owner_code_wrong'])
    expect(roleOf(await register(matinee, { username: 'admin', ownerCode: ` ${code.toUpperCase()} ` }))).toBe('owner')
    expect(await matinee.features.accounts.ownerCode()).toBeUndefined()
    expect((await register(matinee, { username: 'late', ownerCode: code })).status).toBe(403)
  })

  test('of ten who come first at once, one; the others are members', async () => {
    await using matinee = await startMatinee('embedded')
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => register(matinee, { username: `racer${i}` }, { from: '127.0.0.1' })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201))
    expect(answers.filter((answer) => roleOf(answer) === 'owner')).toHaveLength(1)
  })

  test('nobody again, once the owner has closed the account', async () => {
    await using matinee = await startMatinee('embedded')
    const owner = await joinAsOwner(matinee)
    expect((await owner.call('DELETE', `/user/${owner.username}`)).status).toBe(204)
    expect(roleOf(await register(matinee, { username: 'next' }, { from: '127.0.0.1' }))).toBe('member')
  })
})

describe('sign-up', () => {
  test('closed: 403, except for the owner', async () => {
    await using matinee = await startMatinee('embedded', { set: { 'accounts.signUp': 'closed' } })
    const answer = await register(matinee, { username: 'guest' })
    expect([answer.status, codeOf(answer)]).toEqual([403, 'user.sign_up_closed'])
    expect(roleOf(await register(matinee, { username: 'house' }, { from: '127.0.0.1' }))).toBe('owner')
  })

  test('by approval: an account without a session, that waits until an admin approves', async () => {
    await using matinee = await startMatinee('embedded', { set: { 'accounts.signUp': 'approval' } })
    const owner = await joinAsOwner(matinee)
    const answer = await register(matinee, { username: 'patient', note: 'I know the\nprojectionist' })
    expect([answer.status, answer.headers['set-cookie']]).toEqual([201, undefined])
    expect(answer.json).toMatchObject({ token: null, expiresAt: null, user: { username: 'patient' } })
    const stranger = callAs(matinee)
    const waiting = await stranger('POST', '/user/patient', { password: goodPassword })
    expect([waiting.status, codeOf(waiting)]).toEqual([403, 'user.waiting'])
    expect((await stranger('POST', '/user/patient', { password: 'not the right one' })).status).toBe(401)
    expect((await stranger('GET', '/user/patient')).status).toBe(404)
    const { items } = (await owner.call('GET', '/api/admin/people?state=waiting')).json as { items: { id: string; note: string }[] }
    expect(items.map(({ note }) => note)).toEqual(['I know the projectionist'])
    expect((await owner.call('POST', `/api/admin/people/${items[0]?.id}/approval`)).status).toBe(204)
    expect((await stranger('POST', '/user/patient', { password: goodPassword })).status).toBe(200)
  })

  test('by invitation: as often as it says, however many come at once', async () => {
    await using matinee = await startMatinee('embedded', { set: { 'accounts.signUp': 'invitation' } })
    const owner = await joinAsOwner(matinee)
    const bare = await register(matinee, { username: 'uninvited' })
    expect([bare.status, codeOf(bare), fieldsOf(bare)]).toEqual([403, 'user.invitation_needed', ['invitation: user.invitation_needed']])
    const made = await owner.call('POST', '/api/admin/invitations', { maxUses: 3, note: 'the club' })
    expect(made.status).toBe(201)
    const { code } = made.json as { code: string }
    expect((await callAs(matinee)('GET', `/api/invitations/${code}`)).json).toMatchObject({ invitedBy: { username: 'owner' } })
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => register(matinee, { username: `friend${i}`, invitation: code.toUpperCase() })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(3).fill(201), ...Array(7).fill(403)])
    expect((await callAs(matinee)('GET', `/api/invitations/${code}`)).status).toBe(404)
    expect((await register(matinee, { username: 'passer-by', invitation: 'no-such-code' })).status).toBe(403)
    const people = (await owner.call('GET', '/api/admin/people')).json as { items: { invitedBy: unknown }[] }
    expect(people.items.filter(({ invitedBy }) => invitedBy !== null)).toHaveLength(3)
  })

  test('of ten who want one name at once, one has it', async () => {
    await using matinee = await startMatinee('embedded')
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => register(matinee, { username: i % 2 ? 'Lantern' : 'LANTERN' })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)])
    expect(answers.filter((answer) => codeOf(answer) === 'user.name_taken')).toHaveLength(9)
  })
})
