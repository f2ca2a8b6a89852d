import { describe, expect, test } from 'vitest'
import { createMemoryLimiter } from '#server/adapters/limiter/memory-limiter.ts'
import { grounds, isLong, times } from '#server/testing/grounds.ts'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { callAs, codeOf, goodPassword, join, joinAsOwner } from '#server/testing/visitors.ts'
import { createFailures } from './failures.ts'

const tries = (matinee: TestMatinee, name: string, sent: { password?: string; from?: string; headers?: Record<string, string> } = {}) =>
  callAs(matinee, undefined, sent.from ?? '198.51.100.9')(
    'POST',
    `/user/${encodeURIComponent(name)}`,
    { password: sent.password ?? 'not the right one' },
    sent.headers,
  )

describe.each(grounds.list)('logging in, %s', (mode) => {
  test('[T17] a thousand guesses at once, from addresses that the caller makes up: ten are looked at', async () => {
    await using matinee = await startMatinee(mode)
    await join(matinee, 'alice')
    const anyAddress = () => Array.from({ length: 4 }, () => Math.floor(Math.random() * 256)).join('.')
    const guesses = Array.from({ length: times(150, 1000) }, (_, i) =>
      tries(matinee, i % 2 ? 'alice' : 'ALICE', {
        password: `guess ${i}`,
        headers: { 'x-forwarded-for': anyAddress(), 'x-real-ip': anyAddress(), forwarded: `for=${anyAddress()}` },
      }),
    )
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
    expect(statuses.filter((status) => status !== 401).every((status) => status === 429)).toBe(true)
    expect((await tries(matinee, 'alice', { password: goodPassword })).status).toBe(429)
  })

  test('[T17] an address that guesses at many names is refused, another one is not', async () => {
    await using matinee = await startMatinee(mode, { set: { 'accounts.failuresPerAddress': '12' } })
    await join(matinee, 'alice')
    const statuses = []
    for (let i = 0; i < 15; i++) statuses.push((await tries(matinee, `nobody${i}`)).status)
    expect(statuses).toEqual([...Array(12).fill(401), 429, 429, 429])
    expect((await tries(matinee, 'alice', { password: goodPassword })).status).toBe(429)
    expect((await tries(matinee, 'alice', { password: goodPassword, from: '198.51.100.10' })).status).toBe(200)
    // Of one house's v6 addresses there are 2^64: they count as one.
    const v6 = []
    for (let i = 0; i < 14; i++) v6.push((await tries(matinee, `nobody${i}`, { from: `2001:db8:1:2::${i + 1}` })).status)
    expect(v6.slice(-2)).toEqual([429, 429])
  })

  test('a class that logs in at once behind one address all get in', async () => {
    await using matinee = await startMatinee(mode)
    const names = Array.from({ length: 12 }, (_, i) => `pupil${i}`)
    for (const name of names) await join(matinee, name)
    const answers = await Promise.all([...names, ...names].map((name) => tries(matinee, name, { password: goodPassword })))
    expect(answers.map(({ status }) => status)).toEqual(Array(24).fill(200))
  })
})

describe('a wrong log-in', () => {
  test('[T16] takes as long, and says the same, whether the name is known or not', async () => {
    await using matinee = await startMatinee('embedded', {
      dearPasswords: true,
      set: { 'accounts.failuresPerAccount': '1000000', 'accounts.failuresPerAddress': '1000000', 'limits.requestsPerMinute': '1000000' },
    })
    await join(matinee, 'alice')
    const took: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
    const told: Record<'known' | 'unknown', Set<string>> = { known: new Set(), unknown: new Set() }
    for (let i = -4; i < times(12, 500); i++) {
      for (const who of i % 2 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) {
        const begun = process.cpuUsage()
        const answer = await tries(matinee, who === 'known' ? 'alice' : `nobody${i + 10}`)
        if (i < 0) continue
        took[who].push(cpuMsSince(begun))
        told[who].add(JSON.stringify([answer.status, { ...(answer.json as object), requestId: '' }, Object.keys(answer.headers).sort()]))
      }
    }
    expect([...told.known]).toEqual([...told.unknown])
    expect(told.known.size).toBe(1)
    // Hashing is all but the whole of it: whoever saves that takes a tenth.
    const gapMs = Math.abs(median(took.known) - median(took.unknown))
    expect(gapMs).toBeLessThan(isLong ? 1 : median(took.known) * 0.5)
    if (isLong) expect(sameDistribution(took.known, took.unknown)).toBeGreaterThan(0.01)
  })

  test('[T16] the same for an account that waits, is suspended, or is closed', async () => {
    await using matinee = await startMatinee('embedded')
    const owner = await joinAsOwner(matinee)
    const suspended = await join(matinee, 'suspended')
    await owner.call('PUT', `/api/admin/people/${suspended.id}/suspension`, { reason: 'spam' })
    const closed = await join(matinee, 'closed')
    await closed.call('DELETE', '/user/closed')
    await owner.call('PATCH', '/api/admin/settings', { signUp: 'approval' })
    await callAs(matinee)('POST', '/user', { username: 'waiting', password: goodPassword })
    const told = new Set<string>()
    for (const name of ['suspended', 'closed', 'waiting', 'nobody']) {
      const answer = await tries(matinee, name)
      told.add(JSON.stringify([answer.status, { ...(answer.json as object), requestId: '' }]))
    }
    expect(told.size).toBe(1)
  })
})

test('whoever is suspended is told so, with the reason, once the password was right, and is let in when it has ended', async () => {
  await using matinee = await startMatinee('embedded')
  const owner = await joinAsOwner(matinee)
  const person = await join(matinee, 'alice')
  const suspend = (until?: string) =>
    owner.call('PUT', `/api/admin/people/${person.id}/suspension`, { reason: '广告', ...(until ? { until } : {}) })
  expect((await suspend()).status).toBe(204)
  expect((await person.call('GET', '/api/me')).status).toBe(401)
  const refused = await tries(matinee, 'alice', { password: goodPassword })
  expect([refused.status, codeOf(refused), (refused.json as { detail: string }).detail]).toEqual([
    403,
    'user.suspended',
    'This account is suspended: 广告',
  ])
  expect((await suspend('2001-01-01T00:00:00.000Z')).status).toBe(400)
  expect((await suspend(new Date(Date.now() + 3000).toISOString())).status).toBe(204)
  await expect.poll(async () => (await tries(matinee, 'alice', { password: goodPassword })).status).toBe(200)
})

test('a house that is asked to hash too much says when to come again, and answers others meanwhile', async () => {
  await using matinee = await startMatinee('embedded', { dearPasswords: true })
  const person = await join(matinee, 'regular', { from: '198.51.100.1' })
  const flood = Promise.all(Array.from({ length: 220 }, (_, i) => tries(matinee, `flood${i}`, { from: `203.0.113.${i}` })))
  let isOver = false
  const over = flood.then(() => {
    isOver = true
  })
  expect((await person.call('GET', '/api/me')).status).toBe(200)
  expect(isOver).toBe(false)
  await over
  const answers = await flood
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 503]))
  expect(Number(answers.find(({ status }) => status === 503)?.headers['retry-after'])).toBeGreaterThan(0)
})

describe('failures', () => {
  const openFailures = () => {
    const clock = createHeldClock()
    const limiter = createMemoryLimiter({ clock })
    const settings = { failuresPerAccount: 10, failuresPerAddress: 100, failureWindowMs: 900_000 }
    const failures = createFailures({ limiter, clock, settings: () => settings })
    const attempt = (isRight: boolean, address = '192.0.2.1') =>
      failures.attempt({ account: 'a', address }, async () => isRight).then(String, (error: { code: string }) => error.code)
    return { clock, attempt, limiter }
  }

  test('successes cost nothing, before or after failures', async () => {
    const { attempt, limiter } = openFailures()
    for (let i = 0; i < 9; i++) await attempt(false)
    for (let i = 0; i < 50; i++) expect(await attempt(true)).toBe('true')
    expect([await attempt(false), await attempt(true)]).toEqual(['false', 'session.too_many'])
    await limiter.close()
  })

  test('after a quarter of an hour all is forgiven', async () => {
    const { attempt, clock, limiter } = openFailures()
    for (let i = 0; i < 10; i++) await attempt(false)
    expect(await attempt(true)).toBe('session.too_many')
    await clock.advance(900_000)
    const answers = []
    for (let i = 0; i < 11; i++) answers.push(await attempt(false))
    expect(answers).toEqual([...Array(10).fill('false'), 'session.too_many'])
    await limiter.close()
  })

  test('what could not be looked at costs nothing', async () => {
    const { limiter, clock, attempt } = openFailures()
    const settings = { failuresPerAccount: 10, failuresPerAddress: 100, failureWindowMs: 900_000 }
    const failures = createFailures({ limiter, clock, settings: () => settings })
    for (let i = 0; i < 30; i++)
      await failures.attempt({ account: 'a', address: '192.0.2.1' }, () => Promise.reject(new Error('busy'))).catch(() => undefined)
    expect(await attempt(true)).toBe('true')
    await limiter.close()
  })
})

/** Of all threads: where passwords are hashed, others than ours. A machine that is busy with something else takes longer, but no more of this. */
function cpuMsSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1000
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** The two-sample test of Kolmogorov and Smirnov: how likely a gap so wide is among samples of one distribution. */
function sameDistribution(one: readonly number[], other: readonly number[]): number {
  const below = (values: readonly number[], limit: number) => values.filter((value) => value <= limit).length / values.length
  const gap = Math.max(...[...one, ...other].map((limit) => Math.abs(below(one, limit) - below(other, limit))))
  const n = (one.length * other.length) / (one.length + other.length)
  const lambda = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * gap
  let p = 0
  for (let k = 1; k <= 100; k++) p += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * lambda * lambda)
  return Math.min(1, Math.max(0, p))
}
