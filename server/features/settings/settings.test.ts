import { expect, test } from 'vitest'
import { createMemoryBus } from '#server/adapters/bus/memory-bus.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { openRows } from '#server/testing/rows.ts'
import type { Settings } from '#shared/api/admin.ts'
import { openSettings } from './index.ts'

const usual: Settings = {
  siteName: 'Matinee',
  signUp: 'open',
  requireSecondFactor: 'nobody',
  sessionLifeMs: 86_400_000,
  failuresPerAccount: 10,
  failuresPerAddress: 100,
  failureWindowMs: 900_000,
  streams: 1000,
  streamsPerPerson: 5,
  simpleUploadBytes: 1000,
  requestsPerMinute: 1200,
}

async function openHouse() {
  const rows = await openRows()
  const log = createCapturedLog()
  const bus = createMemoryBus({ log })
  const clock = createHeldClock()
  let configured = usual
  return {
    db: rows.db,
    log,
    configure: (changes: Partial<Settings>) => {
      configured = { ...configured, ...changes }
    },
    open: () => openSettings({ db: rows.db, bus, clock, log, configured: () => configured }),
    [Symbol.asyncDispose]: () => rows[Symbol.asyncDispose](),
  }
}

test('what admins changed holds over the configuration, and null goes back to it', async () => {
  await using house = await openHouse()
  await using settings = await house.open()
  expect(settings.current()).toEqual(usual)
  await house.db.commit(settings.changeStatements({ signUp: 'closed', siteName: '光影' }, null))
  await settings.announce()
  expect(settings.current()).toMatchObject({ signUp: 'closed', siteName: '光影', streams: 1000 })
  expect(settings.explain()).toMatchObject({ changed: ['siteName', 'signUp'], configured: { signUp: 'open' } })
  await house.db.commit(settings.changeStatements({ signUp: null }, null))
  await settings.announce()
  expect(settings.current()).toMatchObject({ signUp: 'open', siteName: '光影' })
})

test('a changed configuration holds where admins said nothing, and what stays the same is the same object', async () => {
  await using house = await openHouse()
  await using settings = await house.open()
  await house.db.commit(settings.changeStatements({ signUp: 'closed' }, null))
  await settings.announce()
  expect(settings.current()).toBe(settings.current())
  house.configure({ signUp: 'approval', streams: 7 })
  expect(settings.current()).toMatchObject({ signUp: 'closed', streams: 7 })
})

test('other processes follow', async () => {
  await using house = await openHouse()
  await using one = await house.open()
  await using other = await house.open()
  await house.db.commit(one.changeStatements({ streams: 3 }, null))
  await one.announce()
  await expect.poll(() => other.current().streams).toBe(3)
})

test('a row that no longer fits counts as none, and is said', async () => {
  await using house = await openHouse()
  const row = (name: string, value: string) => house.db.build.insertInto('setting').values({ name, value, changed_ms: 0, changed_by: null })
  await house.db.commit([row('signUp', '"sideways"'), row('streams', '{'), row('house.owner', '"x"')])
  await using settings = await house.open()
  expect(settings.current()).toEqual(usual)
  expect(house.log.lines.filter(({ event }) => event === 'settings.unfit')).toHaveLength(2)
})
