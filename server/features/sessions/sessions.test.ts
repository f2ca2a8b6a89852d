import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createMemoryBus } from '#server/adapters/bus/memory-bus.ts'
import { newId } from '#server/lib/id.ts'
import { forgeTokens } from '#server/testing/forged-tokens.ts'
import {
  addPerson,
  ask,
  code,
  day,
  delayed,
  from,
  key,
  logIn,
  openProcess,
  openSessionHouse,
  refused,
  type SessionHouse,
  shown,
} from '#server/testing/session-house.ts'
import { openSessions } from './index.ts'
import { createTokens } from './token.ts'

describe('a session', () => {
  test('[S1] lets its person in, with their language and time zone', async () => {
    await using house = await openSessionHouse()
    await using sessions = await openProcess(house)
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
    await using house = await openSessionHouse()
    await using sessions = await openProcess(house)
    const { token } = await logIn(house, sessions, await addPerson(house))
    await ask(sessions, token)
    expect(sessions.authenticate(shown(token))).not.toBeInstanceOf(Promise)
  })

  test('is in the cache from the start', async () => {
    await using house = await openSessionHouse()
    const { token } = await openAndLogIn(house)
    await using later = await openProcess(house)
    expect(later.figures().held).toBe(1)
    expect(later.authenticate(shown(token))).not.toBeInstanceOf(Promise)
  })

  test('[S1] is checked for its end on every use', async () => {
    await using house = await openSessionHouse()
    await using sessions = await openProcess(house)
    const { token } = await logIn(house, sessions, await addPerson(house))
    await ask(sessions, token)
    await house.clock.advance(30 * day + 1)
    expect(await code(ask(sessions, token))).toBe(refused)
  })

  test('[S3] slides with use, in the database too, and without a write for each use', async () => {
    await using house = await openSessionHouse()
    await using sessions = await openProcess(house)
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
    await using house = await openSessionHouse()
    await using one = await openProcess(house)
    await using other = await openProcess(house)
    const { token } = await logIn(house, one, await addPerson(house))
    await ask(other, token)
    await house.clock.advance(20 * day)
    await one.list(await ask(one, token))
    await house.clock.advance(20 * day)
    expect(await code(ask(other, token))).toBe('let in')
  })

  test('[S1] does not slide beyond its last day', async () => {
    await using house = await openSessionHouse()
    await using sessions = await openProcess(house)
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
    await using house = await openSessionHouse()
    await using sessions = await openProcess(house)
    const drafted = await sessions.draft(await addPerson(house), from)
    expect(await code(ask(sessions, drafted.token))).toBe(refused)
  })

  test('[S2] [T18] 200 forged tokens: none is let in', async () => {
    await using house = await openSessionHouse()
    await using sessions = await openProcess(house)
    const { token, id } = await logIn(house, sessions, await addPerson(house))
    await ask(sessions, token)
    const forged = [...(await forgeTokens({ token, id, key, nowMs: house.clock.now() }))]
    expect(forged.length).toBeGreaterThanOrEqual(200)
    for (const forgery of forged) expect(await code(ask(sessions, forgery)), forgery).toBe(refused)
    expect(await code(ask(sessions, token))).toBe('let in')
    const { length } = house.log.lines.filter(({ event }) => event === 'session.token_reused')
    expect(length).toBe(0)
  })

  test('[S7] a token that we signed and the row does not know ends the session that it names', async () => {
    await using house = await openSessionHouse()
    await using sessions = await openProcess(house)
    const { token, id, endsMs } = await logIn(house, sessions, await addPerson(house))
    await ask(sessions, token)
    const copy = await createTokens(key).mint({ id, endsMs })
    expect([await code(ask(sessions, copy)), await code(ask(sessions, token))]).toEqual([refused, refused])
  })

  test('[S4] logging out in one process ends the session in all, at once by the bus', async () => {
    await using house = await openSessionHouse()
    await using one = await openProcess(house)
    await using other = await openProcess(house)
    const { token } = await logIn(house, one, await addPerson(house))
    const person = await ask(one, token)
    await ask(other, token)
    await one.logOut(person)
    expect([await code(ask(one, token)), await code(ask(other, token))]).toEqual([refused, refused])
  })

  test('[S4] without the bus it ends within a second', async () => {
    await using house = await openSessionHouse()
    await using one = await openProcess(house)
    await using deaf = await openProcess({ ...house, bus: createMemoryBus({ log: house.log }) })
    const { token } = await logIn(house, one, await addPerson(house))
    const person = await ask(one, token)
    await ask(deaf, token)
    await one.logOut(person)
    await house.clock.advance(1000)
    expect(await code(ask(deaf, token))).toBe(refused)
  })

  test('[S4] also for one who asks all the time', async () => {
    await using house = await openSessionHouse()
    await using one = await openProcess(house)
    await using deaf = await openProcess({ ...house, bus: createMemoryBus({ log: house.log }) })
    const { token } = await logIn(house, one, await addPerson(house))
    const person = await ask(one, token)
    await ask(deaf, token)
    await one.logOut(person)
    for (let passedMs = 0; passedMs < 1000; passedMs += 50) {
      await code(ask(deaf, token))
      await house.clock.advance(50)
      await sleep(2)
    }
    // The clock stands still from here on: what was asked of the rows by then comes when it comes.
    await expect.poll(() => code(ask(deaf, token)), { interval: 5 }).toBe(refused)
  })

  test('[S4] whoever holds sockets open hears it, also without the bus and without a question', async () => {
    await using house = await openSessionHouse()
    await using one = await openProcess(house)
    await using deaf = await openProcess({ ...house, bus: createMemoryBus({ log: house.log }) })
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
    await expect.poll(() => heard, { interval: 5 }).toEqual([{ accountId, sessionId: id, keptId: null, ended: true }])
  })

  test('[S5] what was read before the end is not kept after it', async () => {
    await using house = await openSessionHouse()
    const gate = Promise.withResolvers<void>()
    let isHeld = false
    const accountId = await addPerson(house)
    await using sessions = await openProcess(house)
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
    await using house = await openSessionHouse()
    await using sessions = await openProcess(house)
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
    await using house = await openSessionHouse()
    await using sessions = await openProcess(house)
    const mine = await logIn(house, sessions, await addPerson(house))
    const theirs = await logIn(house, sessions, await addPerson(house))
    const me = await ask(sessions, mine.token)
    expect(await code(sessions.endOne(me, theirs.id))).toBe('not_found session.not_found')
    expect(await code(ask(sessions, theirs.token))).toBe('let in')
    await sessions.endOne(me, mine.id)
    expect(await code(ask(sessions, mine.token))).toBe(refused)
  })

  test('there are never more than a hundred of one person', async () => {
    await using house = await openSessionHouse()
    await using sessions = await openProcess(house)
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
    await using house = await openSessionHouse()
    let isDown = false
    const db = delayed(house.db, async () => {
      if (isDown) throw new Error('down')
    })
    await using sessions = await openProcess({ ...house, db })
    const { token } = await logIn(house, sessions, await addPerson(house))
    await ask(sessions, token)
    isDown = true
    await house.clock.advance(5000)
    expect(await code(ask(sessions, token))).toBe('unavailable session.cannot_check')
    isDown = false
    expect(await code(ask(sessions, token))).toBe('let in')
  })

  test('what slept longer than doubts are kept forgets everything it held', async () => {
    await using house = await openSessionHouse()
    await using one = await openProcess(house)
    await using deaf = await openProcess({ ...house, bus: createMemoryBus({ log: house.log }) })
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
    await using house = await openSessionHouse()
    await using sessions = await openProcess(house)
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
    await using house = await openSessionHouse()
    await using sessions = await openProcess(house)
    await using other = await openProcess(house)
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
    await using house = await openSessionHouse()
    await using sessions = await openProcess(house)
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
  await using house = await openSessionHouse()
  await using sessions = await openProcess(house)
  const owner = await logIn(house, sessions, await addPerson(house, 'owner'))
  const member = await logIn(house, sessions, await addPerson(house))
  house.settings.requireSecondFactor = 'admins'
  expect(await ask(sessions, owner.token)).toMatchObject({ role: 'member', needsSecondFactor: true })
  expect(await ask(sessions, member.token)).not.toHaveProperty('needsSecondFactor')
  house.settings.requireSecondFactor = 'everybody'
  expect(await ask(sessions, member.token)).toMatchObject({ needsSecondFactor: true })
})

async function openAndLogIn(house: SessionHouse) {
  await using sessions = await openProcess(house)
  return await logIn(house, sessions, await addPerson(house))
}
