import { Secret, TOTP } from 'otpauth'
import { describe, expect, test } from 'vitest'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { openRows } from '#server/testing/rows.ts'
import { addAccount } from '#server/testing/people.ts'
import { callAs, codeOf, fieldsOf, goodPassword, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import { createSealed } from '#server/lib/sealed.ts'
import { createSecondFactorStore } from './second-factor-store.ts'
import { createSecondFactor } from './second-factor.ts'

const path = '/api/me/second-factor'
const codeAt = (secret: string, ms = Date.now()) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: ms })

/** One that is not used yet, and counts whether or not the half minute ends before it is shown. */
const nextCode = (secret: string) => codeAt(secret, Date.now() + 30_000)

async function setUp(person: Visitor): Promise<{ secret: string; recoveryCodes: string[] }> {
  const begun = await person.call('POST', path, { password: goodPassword })
  const { secret } = begun.json as { secret: string }
  const confirmed = await person.call('PUT', path, { code: codeAt(secret) })
  return { secret, ...(confirmed.json as { recoveryCodes: string[] }) }
}

const logIn = (matinee: TestMatinee, code?: string, password = goodPassword) =>
  callAs(matinee)('POST', '/user/alice', { password, ...(code === undefined ? {} : { code }) })

describe.each(grounds.list)('a second factor, %s', (mode) => {
  test('is asked for once it has been confirmed, and not before', async () => {
    await using matinee = await startMatinee(mode)
    const person = await join(matinee, 'alice')
    const begun = await person.call('POST', path, { password: goodPassword })
    expect(begun.status).toBe(201)
    const { secret, address, qrSvg } = begun.json as { secret: string; address: string; qrSvg: string }
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(address).toMatch(/^otpauth:\/\/totp\/Matinee:alice\?/)
    expect(qrSvg).toMatch(/^<svg /)
    expect(qrSvg).not.toMatch(/script|style|href/)
    expect((await logIn(matinee)).status).toBe(200)
    expect(fieldsOf(await person.call('PUT', path, { code: '000000' }))).toEqual(['code: session.code_wrong'])
    const confirmed = await person.call('PUT', path, { code: codeAt(secret) })
    const { recoveryCodes } = confirmed.json as { recoveryCodes: string[] }
    expect(recoveryCodes).toHaveLength(10)
    expect(new Set(recoveryCodes).size).toBe(10)
    expect((await person.call('GET', path)).json).toMatchObject({ isOn: true, recoveryCodesLeft: 10, since: expect.any(String) })
    const asked = await logIn(matinee)
    expect([asked.status, codeOf(asked)]).toEqual([401, 'session.code_needed'])
    expect(codeOf(await logIn(matinee, nextCode(secret), 'not the right one'))).toBe('session.wrong')
    expect((await logIn(matinee, nextCode(secret))).status).toBe(200)
  })

  test('of ten who show one code at once, one is let in; the code is used', async () => {
    await using matinee = await startMatinee(mode)
    const { secret } = await setUp(await join(matinee, 'alice'))
    const code = nextCode(secret)
    const answers = await Promise.all(Array.from({ length: 10 }, () => logIn(matinee, code)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(401)])
    expect(codeOf(await logIn(matinee, code))).toBe('session.code_wrong')
  })

  test('a recovery code stands in for it once, however many try at once', async () => {
    await using matinee = await startMatinee(mode)
    const person = await join(matinee, 'alice')
    const { recoveryCodes } = await setUp(person)
    const [first = '', second = ''] = recoveryCodes
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => logIn(matinee, i % 2 ? first : first.toUpperCase().replaceAll('-', ' '))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(401)])
    expect((await person.call('GET', path)).json).toMatchObject({ recoveryCodesLeft: 9 })
    const renewed = await person.call('POST', `${path}/recovery-codes`, { password: goodPassword })
    expect(renewed.status).toBe(201)
    expect((await logIn(matinee, second)).status).toBe(401)
    expect((await logIn(matinee, (renewed.json as { recoveryCodes: string[] }).recoveryCodes[0])).status).toBe(200)
  })

  test('wrong codes are failed log-ins: ten, and no more are looked at', async () => {
    await using matinee = await startMatinee(mode)
    const { secret } = await setUp(await join(matinee, 'alice'))
    const statuses = []
    for (let i = 0; i < 12; i++) statuses.push((await logIn(matinee, String(100_000 + i))).status)
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
    expect((await logIn(matinee, nextCode(secret))).status).toBe(429)
  })

  test('is changed by whoever knows the password, and taken away when it is lost', async () => {
    await using matinee = await startMatinee(mode)
    const owner = await joinAsOwner(matinee)
    const person = await join(matinee, 'alice')
    const wrong = { password: 'not the right one' }
    expect((await person.call('POST', path, wrong)).status).toBe(403)
    await setUp(person)
    expect((await person.call('POST', path, { password: goodPassword })).status).toBe(409)
    expect((await person.call('DELETE', path, wrong)).status).toBe(403)
    expect((await person.call('POST', `${path}/recovery-codes`, wrong)).status).toBe(403)
    expect((await person.call('DELETE', path, { password: goodPassword })).status).toBe(204)
    expect((await logIn(matinee)).status).toBe(200)
    await setUp(person)
    expect((await owner.call('DELETE', `/api/admin/people/${person.id}/second-factor`)).status).toBe(204)
    expect((await owner.call('DELETE', `/api/admin/people/${person.id}/second-factor`)).status).toBe(409)
    expect((await logIn(matinee)).status).toBe(200)
  })

  test('is demanded where the house says so: of admins, or of everybody, and of nobody unless told', async () => {
    await using matinee = await startMatinee(mode)
    const owner = await joinAsOwner(matinee)
    const person = await join(matinee, 'alice')
    const demands = async (whom: string) => (await owner.call('PATCH', '/api/admin/settings', { requireSecondFactor: whom })).status
    const mustSetUp = async ({ call }: Visitor) =>
      ((await call('GET', '/api/me')).json as { user: { mustSetUpSecondFactor: boolean } }).user.mustSetUpSecondFactor
    expect([await mustSetUp(owner), await mustSetUp(person)]).toEqual([false, false])
    expect(await demands('admins')).toBe(200)
    expect([await mustSetUp(owner), await mustSetUp(person)]).toEqual([true, false])
    const refused = await owner.call('GET', '/api/admin/people')
    expect([refused.status, codeOf(refused)]).toEqual([403, 'second_factor.needed'])
    await setUp(owner)
    expect((await owner.call('GET', '/api/admin/people')).status).toBe(200)
    expect(await demands('everybody')).toBe(200)
    expect(await mustSetUp(person)).toBe(true)
    expect((await person.call('PATCH', '/api/me', { bio: 'still mine' })).status).toBe(200)
  })
})

test('the secret is sealed where it lies, for its account alone, and sealed anew under a new key', async () => {
  await using rows = await openRows()
  const clock = createHeldClock()
  const keyOf = (id: string, fill: number) => ({ id, key: new Uint8Array(32).fill(fill) })
  let keys: [{ id: string; key: Uint8Array }, ...{ id: string; key: Uint8Array }[]] = [keyOf('one', 1)]
  const factors = createSecondFactorStore(rows.db)
  const parts = {
    factors,
    clock,
    sealed: createSealed(() => keys),
    settings: () => ({ siteName: 'M' }),
    sessions: { doubtStatements: () => [], tell: async () => {} },
  }
  const secondFactor = createSecondFactor(parts as unknown as Parameters<typeof createSecondFactor>[0])
  const id = await addAccount(rows.db)
  const account = { id, name: 'alice', second_factor_ms: null } as Parameters<typeof secondFactor.begin>[0]
  const { secret } = await secondFactor.begin(account)
  const stored = async () => (await factors.find(id))?.secret ?? ''
  expect(await stored()).toMatch(/^v1\.one\./)
  expect(await stored()).not.toContain(secret)
  await secondFactor.confirm(account, codeAt(secret, clock.now()))
  keys = [keyOf('two', 2), ...keys]
  await clock.advance(60_000)
  expect(await secondFactor.take(id, codeAt(secret, clock.now()))).toBe(true)
  expect(await stored()).toMatch(/^v1\.two\./)
  await clock.advance(60_000)
  // Two minutes late, or early, is too late.
  expect(await secondFactor.take(id, codeAt(secret, clock.now() - 90_000))).toBe(false)
  expect(await secondFactor.take(id, codeAt(secret, clock.now() + 90_000))).toBe(false)
  expect(await secondFactor.take(id, codeAt(secret, clock.now() + 30_000))).toBe(true)
  // What comes before a code that was taken is used up with it.
  expect(await secondFactor.take(id, codeAt(secret, clock.now()))).toBe(false)
})
