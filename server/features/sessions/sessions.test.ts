import { setTimeout as sleep } from 'node:timers/promises'
import { SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { createMemoryBus } from '#server/adapters/bus/memory-bus.ts'
import type { Database } from '#server/database/database.ts'
import { newId } from '#server/lib/id.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Bus } from '#server/ports/bus.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { createHeldClock, type HeldClock } from '#server/testing/held-clock.ts'
import { openRows } from '#server/testing/rows.ts'
import { openSessions, type Sessions, type Shown } from './index.ts'
import { createTokens } from './token.ts'

const key = new Uint8Array(32).fill(7)
const day = 86_400_000
const from = { userAgent: 'Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0', address: '192.0.2.1' }

type House = {
  db: Database
  clock: HeldClock
  bus: Bus
  log: ReturnType<typeof createCapturedLog>
  settings: { sessionLifeMs: number; requireSecondFactor: 'nobody' | 'admins' | 'everybody' }
}

async function openHouse(): Promise<House & AsyncDisposable & { rows: Awaited<ReturnType<typeof openRows>> }> {
  const rows = await openRows()
  const log = createCapturedLog()
  const clock = createHeldClock()
  return {
    rows,
    db: rows.db,
    clock,
    log,
    bus: createMemoryBus({ log }),
    settings: { sessionLifeMs: 30 * day, requireSecondFactor: 'nobody' },
    [Symbol.asyncDispose]: () => rows[Symbol.asyncDispose](),
  }
}

const open = ({ db, clock, bus, log, settings }: House): Promise<Sessions> =>
  openSessions({ db, clock, bus, log, newId, key, settings: () => settings })

async function addPerson({ db, clock }: House, role: 'owner' | 'member' = 'member'): Promise<string> {
  const id = newId(clock.now())
  await db.commit([
    db.build.insertInto('account').values({
      id,
      name: `p${id}`,
      name_key: `p${id}`,
      display_name: 'P',
      display_key: 'p',
      bio: '',
      role,
      state: 'active',
      password: '',
      email: null,
      language: 'zh-TW',
      time_zone: 'Asia/Taipei',
      audience: 'everyone',
      avatar: null,
      note: '',
      invitation_id: null,
      suspended_reason: '',
      suspended_until_ms: null,
      created_ms: clock.now(),
      seen_ms: clock.now(),
    }),
  ])
  return id
}

async function logIn(house: House, sessions: Sessions, accountId: string) {
  const drafted = await sessions.draft(accountId, from)
  await house.db.commit(drafted.statements)
  return drafted
}

const shown = (token: string): Shown => ({ token, via: 'bearer', stranger: { kind: 'stranger', address: '192.0.2.9', language: 'en' } })
const ask = async (sessions: Sessions, token: string) => {
  const found = await sessions.authenticate(shown(token))
  if (found instanceof Problem) throw found
  return found
}
const code = async (asked: Promise<unknown>) => {
  try {
    await asked
    return 'let in'
  } catch (error) {
    if (error instanceof Problem) return `${error.kind} ${error.code}`
    throw error
  }
}
const refused = 'unauthenticated session.invalid'

describe('a session', () => {
  test('[S1] lets its person in, with their language and time zone', async () => {
    await using house = await openHouse()
    await using sessions = await open(house)
    const accountId = await addPerson(house)
    const { token, id } = await logIn(house, sessions, accountId)
    expect(await ask(sessions, token)).toEqual({
      kind: 'person',
      accountId,
      username: `p${accountId}`,
      role: 'member',
      sessionId: id,
      via: 'bearer',
      language: 'zh-TW',
      timeZone: 'Asia/Taipei',
      address: '192.0.2.9',
    })
  })

  test('once known it is answered without waiting', async () => {
    await using house = await openHouse()
    await using sessions = await open(house)
    const { token } = await logIn(house, sessions, await addPerson(house))
    await ask(sessions, token)
    expect(sessions.authenticate(shown(token))).not.toBeInstanceOf(Promise)
  })

  test('is in the cache from the start', async () => {
    await using house = await openHouse()
    const { token } = await openAndLogIn(house)
    await using later = await open(house)
    expect(later.figures().held).toBe(1)
    expect(later.authenticate(shown(token))).not.toBeInstanceOf(Promise)
  })

  test('[S1] is checked for its end on every use', async () => {
    await using house = await openHouse()
    await using sessions = await open(house)
    const { token } = await logIn(house, sessions, await addPerson(house))
    await ask(sessions, token)
    await house.clock.advance(30 * day + 1)
    expect(await code(ask(sessions, token))).toBe(refused)
  })

  test('[S3] slides with use, in the database too, and without a write for each use', async () => {
    await using house = await openHouse()
    await using sessions = await open(house)
    const { token } = await logIn(house, sessions, await addPerson(house))
    const row = () => house.db.primary.selectFrom('session').select(['used_ms', 'expires_ms']).executeTakeFirstOrThrow()
    const born = await row()
    for (let i = 0; i < 50; i++) await ask(sessions, token)
    await house.clock.advance(10_000)
    const young = await row()
    for (let i = 0; i < 5; i++) {
      await house.clock.advance(20 * day)
      expect(await code(ask(sessions, token))).toBe('let in')
    }
    await house.clock.advance(10_000)
    await expect.poll(async () => (await row()).expires_ms).toBe(born.expires_ms + 100 * day + 10_000)
    expect(young.used_ms - born.used_ms).toBeLessThan(60_000)
  })

  test('[S3] that slid in one process has not expired in another', async () => {
    await using house = await openHouse()
    await using one = await open(house)
    await using other = await open(house)
    const { token } = await logIn(house, one, await addPerson(house))
    await ask(other, token)
    await house.clock.advance(20 * day)
    await one.list(await ask(one, token))
    await house.clock.advance(20 * day)
    expect(await code(ask(other, token))).toBe('let in')
  })

  test('[S1] does not slide beyond its last day', async () => {
    await using house = await openHouse()
    await using sessions = await open(house)
    const { token } = await logIn(house, sessions, await addPerson(house))
    for (let i = 0; i < 18; i++) {
      await house.clock.advance(20 * day)
      expect(await code(ask(sessions, token))).toBe('let in')
    }
    await house.clock.advance(10 * day)
    expect(await code(ask(sessions, token))).toBe(refused)
  })
})

describe('what ends', () => {
  test('[S2] a token without its row is worthless, however well it is signed', async () => {
    await using house = await openHouse()
    await using sessions = await open(house)
    const drafted = await sessions.draft(await addPerson(house), from)
    expect(await code(ask(sessions, drafted.token))).toBe(refused)
  })

  test('[S2] 200 forged tokens: none is let in', async () => {
    await using house = await openHouse()
    await using sessions = await open(house)
    const { token, id } = await logIn(house, sessions, await addPerson(house))
    await ask(sessions, token)
    const forged = [...(await forgeries(token, id, house.clock.now()))]
    expect(forged.length).toBeGreaterThanOrEqual(200)
    for (const forgery of forged) expect(await code(ask(sessions, forgery)), forgery).toBe(refused)
    expect(await code(ask(sessions, token))).toBe('let in')
    const { length } = house.log.lines.filter(({ event }) => event === 'session.token_reused')
    expect(length).toBe(0)
  })

  test('[S7] a token that we signed and the row does not know ends the session that it names', async () => {
    await using house = await openHouse()
    await using sessions = await open(house)
    const { token, id, endsMs } = await logIn(house, sessions, await addPerson(house))
    await ask(sessions, token)
    const copy = await createTokens(key).mint({ id, endsMs })
    expect([await code(ask(sessions, copy)), await code(ask(sessions, token))]).toEqual([refused, refused])
  })

  test('[S4] logging out in one process ends the session in all, at once by the bus', async () => {
    await using house = await openHouse()
    await using one = await open(house)
    await using other = await open(house)
    const { token } = await logIn(house, one, await addPerson(house))
    const person = await ask(one, token)
    await ask(other, token)
    await one.logOut(person)
    expect([await code(ask(one, token)), await code(ask(other, token))]).toEqual([refused, refused])
  })

  test('[S4] without the bus it ends within a second', async () => {
    await using house = await openHouse()
    await using one = await open(house)
    await using deaf = await open({ ...house, bus: createMemoryBus({ log: house.log }) })
    const { token } = await logIn(house, one, await addPerson(house))
    const person = await ask(one, token)
    await ask(deaf, token)
    await one.logOut(person)
    await house.clock.advance(1000)
    expect(await code(ask(deaf, token))).toBe(refused)
  })

  test('[S4] also for one who asks all the time', async () => {
    await using house = await openHouse()
    await using one = await open(house)
    await using deaf = await open({ ...house, bus: createMemoryBus({ log: house.log }) })
    const { token } = await logIn(house, one, await addPerson(house))
    const person = await ask(one, token)
    await ask(deaf, token)
    await one.logOut(person)
    let lastMs = 0
    for (let passedMs = 0; passedMs <= 1500; passedMs += 50) {
      if ((await code(ask(deaf, token))) === 'let in') lastMs = passedMs
      await house.clock.advance(50)
      await sleep(2)
    }
    expect(lastMs).toBeLessThanOrEqual(1000)
  })

  test('[S4] whoever holds sockets open hears it, also without the bus and without a question', async () => {
    await using house = await openHouse()
    await using one = await open(house)
    await using deaf = await open({ ...house, bus: createMemoryBus({ log: house.log }) })
    const accountId = await addPerson(house)
    const { token, id } = await logIn(house, one, accountId)
    const heard: unknown[] = []
    deaf.onEnded((ended) => heard.push(ended))
    await sleep(20)
    await one.logOut(await ask(one, token))
    for (let i = 0; i < 10; i++) {
      await house.clock.advance(100)
      await sleep(2)
    }
    expect(heard).toEqual([{ accountId, sessionId: id, keptId: null, ended: true }])
  })

  test('[S5] what was read before the end is not kept after it', async () => {
    await using house = await openHouse()
    const gate = Promise.withResolvers<void>()
    let isHeld = false
    const accountId = await addPerson(house)
    await using sessions = await open(house)
    const { token } = await logIn(house, sessions, accountId)
    // The row is read, then its answer is held still until the session has ended.
    const heldBack = await openSessions({
      ...house,
      db: delayed(house.db, async () => {
        if (isHeld) await gate.promise
      }),
      newId,
      key,
      settings: () => house.settings,
    })
    heldBack.figures()
    isHeld = true
    const early = ask(heldBack, token)
    await sleep(20)
    isHeld = false
    await sessions.endAllOf(accountId)
    gate.resolve()
    await early.catch(() => undefined)
    expect(await code(ask(heldBack, token))).toBe(refused)
    await heldBack[Symbol.asyncDispose]()
  })

  test('all others end, this one stays', async () => {
    await using house = await openHouse()
    await using sessions = await open(house)
    const accountId = await addPerson(house)
    const mine = await logIn(house, sessions, accountId)
    const others = await Promise.all([1, 2, 3].map(() => logIn(house, sessions, accountId)))
    const stranger = await logIn(house, sessions, await addPerson(house))
    for (const { token } of [mine, stranger, ...others]) await ask(sessions, token)
    await sessions.endOthers(await ask(sessions, mine.token))
    expect(await Promise.all(others.map(({ token }) => code(ask(sessions, token))))).toEqual([refused, refused, refused])
    expect(await code(ask(sessions, mine.token))).toBe('let in')
    expect(await code(ask(sessions, stranger.token))).toBe('let in')
  })

  test('nobody ends a session of somebody else', async () => {
    await using house = await openHouse()
    await using sessions = await open(house)
    const mine = await logIn(house, sessions, await addPerson(house))
    const theirs = await logIn(house, sessions, await addPerson(house))
    const me = await ask(sessions, mine.token)
    expect(await code(sessions.endOne(me, theirs.id))).toBe('not_found session.not_found')
    expect(await code(ask(sessions, theirs.token))).toBe('let in')
    await sessions.endOne(me, mine.id)
    expect(await code(ask(sessions, mine.token))).toBe(refused)
  })

  test('there are never more than a hundred of one person', async () => {
    await using house = await openHouse()
    await using sessions = await open(house)
    const accountId = await addPerson(house)
    const first = await logIn(house, sessions, accountId)
    await house.clock.advance(1000)
    for (let i = 0; i < 100; i++) await logIn(house, sessions, accountId)
    await sessions.trim(accountId)
    const { count } = await house.db.primary
      .selectFrom('session')
      .select((eb) => eb.fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    expect(Number(count)).toBe(100)
    expect(await code(ask(sessions, first.token))).toBe(refused)
  })

  test('[S8] when the database does not answer, nobody is let in and nobody is logged out', async () => {
    await using house = await openHouse()
    let isDown = false
    const db = delayed(house.db, async () => {
      if (isDown) throw new Error('down')
    })
    await using sessions = await open({ ...house, db })
    const { token } = await logIn(house, sessions, await addPerson(house))
    await ask(sessions, token)
    isDown = true
    await house.clock.advance(5000)
    expect(await code(ask(sessions, token))).toBe('unavailable session.cannot_check')
    isDown = false
    expect(await code(ask(sessions, token))).toBe('let in')
  })

  test('what slept longer than doubts are kept forgets everything it held', async () => {
    await using house = await openHouse()
    await using one = await open(house)
    await using deaf = await open({ ...house, bus: createMemoryBus({ log: house.log }) })
    const accountId = await addPerson(house)
    const { token } = await logIn(house, one, accountId)
    await ask(deaf, token)
    await one.endAllOf(accountId)
    await house.clock.advance(2 * day)
    await one.sweep()
    expect(await code(ask(deaf, token))).toBe(refused)
  })
})

describe('rotation', () => {
  test('[S6] the old token holds until the new one is shown, and a minute longer', async () => {
    await using house = await openHouse()
    await using sessions = await open(house)
    const { token } = await logIn(house, sessions, await addPerson(house))
    const { token: next } = await sessions.renew(await ask(sessions, token))
    await house.clock.advance(3 * day)
    expect(await code(ask(sessions, token))).toBe('let in')
    expect(await code(ask(sessions, next))).toBe('let in')
    await house.clock.advance(50_000)
    expect(await code(ask(sessions, token))).toBe('let in')
    expect(await code(ask(sessions, next))).toBe('let in')
  })

  test('[S7] the old token shown later than that ends the session for both who hold it', async () => {
    await using house = await openHouse()
    await using sessions = await open(house)
    await using other = await open(house)
    const { token } = await logIn(house, sessions, await addPerson(house))
    await ask(other, token)
    const { token: next } = await sessions.renew(await ask(sessions, token))
    await ask(sessions, next)
    await house.clock.advance(61_000)
    expect(await code(ask(other, token))).toBe(refused)
    expect(await code(ask(sessions, next))).toBe(refused)
    expect(house.log.lines.map(({ event }) => event)).toContain('session.token_reused')
  })

  test('a young token is not rotated by itself, an old one is, and two who ask at once get one', async () => {
    await using house = await openHouse()
    await using sessions = await open(house)
    const { token } = await logIn(house, sessions, await addPerson(house))
    expect(await sessions.rotate(await ask(sessions, token))).toBeUndefined()
    await house.clock.advance(day)
    const person = await ask(sessions, token)
    const rotated = await sessions.rotate(person)
    expect(rotated?.token).toBeTypeOf('string')
    expect(await sessions.rotate(person)).toBeUndefined()
  })
})

test('whoever must have a second factor and has none is a member who may see to that', async () => {
  await using house = await openHouse()
  await using sessions = await open(house)
  const owner = await logIn(house, sessions, await addPerson(house, 'owner'))
  const member = await logIn(house, sessions, await addPerson(house))
  house.settings.requireSecondFactor = 'admins'
  expect(await ask(sessions, owner.token)).toMatchObject({ role: 'member', needsSecondFactor: true })
  expect(await ask(sessions, member.token)).not.toHaveProperty('needsSecondFactor')
  house.settings.requireSecondFactor = 'everybody'
  expect(await ask(sessions, member.token)).toMatchObject({ needsSecondFactor: true })
})

async function openAndLogIn(house: House) {
  await using sessions = await open(house)
  return await logIn(house, sessions, await addPerson(house))
}

/** Every read waits for `before`. */
function delayed(db: Database, before: () => Promise<void>): Database {
  const slow = (query: object): object =>
    new Proxy(query, {
      get(target, name) {
        const value = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...all: unknown[]) => {
          if (name === 'execute' || name.toString().startsWith('executeTake')) {
            return value.apply(target, all).then(async (rows: unknown) => {
              await before()
              return rows
            })
          }
          const result: unknown = value.apply(target, all)
          return typeof result === 'object' && result !== null ? slow(result) : result
        }
      },
    })
  return new Proxy(db, { get: (target, name) => (name === 'primary' ? slow(target.primary) : Reflect.get(target, name)) })
}

async function forgeries(token: string, id: string, nowMs: number): Promise<Set<string>> {
  const [header = '', payload = '', mac = ''] = token.split('.')
  const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const seconds = Math.floor(nowMs / 1000) + 3600
  const other = new Uint8Array(32).fill(8)
  const sign = (head: Record<string, unknown>, secret: Uint8Array = key, claims: Record<string, unknown> = {}) =>
    new SignJWT({ sid: id, jti: 'x', exp: seconds, ...claims })
      .setProtectedHeader({ alg: 'HS256', typ: 'matinee-session', ...head })
      .sign(secret)
  const made = new Set<string>([
    '',
    '.',
    '..',
    'x',
    `${header}.${payload}`,
    `${header}.${payload}.`,
    `.${payload}.${mac}`,
    `${header}..${mac}`,
    `${token}.x`,
    `${token} `,
    ` ${token}`,
    `Bearer ${token}`,
    new UnsecuredJWT({ sid: id, exp: seconds }).encode(),
    ...['none', 'None', 'NONE', 'nOnE', '', 'HS384', 'HS512', 'RS256', 'ES256', 'EdDSA', 'PS256', 'HS256 ', 'hs256'].flatMap((alg) => [
      `${json({ alg, typ: 'matinee-session' })}.${payload}.`,
      `${json({ alg, typ: 'matinee-session' })}.${payload}.${mac}`,
    ]),
    ...['../../../../dev/null', '/dev/null', "' or 1=1 --", 'http://127.0.0.1/key', ''].map(
      (kid) => `${json({ alg: 'HS256', typ: 'matinee-session', kid })}.${payload}.${mac}`,
    ),
    `${json({ alg: 'HS256', typ: 'matinee-session', jwk: { kty: 'oct', k: 'AAAA' } })}.${payload}.${mac}`,
    `${json({ alg: 'HS256', typ: 'matinee-session', crit: ['x'], x: 1 })}.${payload}.${mac}`,
    // Well signed, and still of another session, another kind, another time, or without its row's hash.
    await sign({ typ: 'JWT' }),
    await sign({ typ: undefined }),
    await sign({}, key, { exp: seconds - 7200 }),
    await sign({}, key, { nbf: seconds + 9999 }),
    await sign({}, key, { sid: newId() }),
    await sign({}, key, { sid: 7 }),
    await sign({}, key, { sid: undefined }),
    await sign({}, key, { jti: undefined }),
    await sign({}, other),
    await sign({}, new Uint8Array(64).fill(7)),
    await sign({}, new TextEncoder().encode(' '.repeat(32))),
    'x'.repeat(10_000),
  ])
  for (let length = 0; length < mac.length; length++) made.add(`${header}.${payload}.${mac.slice(0, length)}`)
  for (let at = 0; at < 60; at++) {
    const spot = Math.floor((at / 60) * token.length)
    const letter = token[spot]
    if (letter === '.') continue
    // Of the last letter of base64url only some bits count.
    if (spot !== token.length - 1) made.add(`${token.slice(0, spot)}${letter === 'A' ? 'B' : 'A'}${token.slice(spot + 1)}`)
  }
  for (const end of ['=', '==', '\n', '\u0000', '%00', '-', 'A']) made.add(token + end)
  for (let i = 0; made.size < 200; i++) made.add(await sign({}, other, { jti: String(i) }))
  made.delete(token)
  return made
}
