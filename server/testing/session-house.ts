import { createMemoryBus } from '#server/adapters/bus/memory-bus.ts'
import type { Database } from '#server/database/database.ts'
import { openSessions, type Sessions, type Shown } from '#server/features/sessions/index.ts'
import { newId } from '#server/lib/id.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Bus } from '#server/ports/bus.ts'
import { createCapturedLog } from './captured-log.ts'
import { createHeldClock, type HeldClock } from './held-clock.ts'
import { addAccount } from './people.ts'
import { openRows } from './rows.ts'

export const key = new Uint8Array(32).fill(7)
export const day = 86_400_000
export const from = { userAgent: 'Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0', address: '192.0.2.1' }

/** What sessions stand on, for as many processes as a test opens. */
export type SessionHouse = {
  db: Database
  clock: HeldClock
  bus: Bus
  log: ReturnType<typeof createCapturedLog>
  settings: { sessionLifeMs: number; requireSecondFactor: 'nobody' | 'admins' | 'everybody' }
}

export async function openSessionHouse(): Promise<SessionHouse & AsyncDisposable & { rows: Awaited<ReturnType<typeof openRows>> }> {
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

export const openProcess = ({ db, clock, bus, log, settings }: SessionHouse): Promise<Sessions> =>
  openSessions({ db, clock, bus, log, newId, key, settings: () => settings })

export function addPerson({ db, clock }: SessionHouse, role: 'owner' | 'member' = 'member'): Promise<string> {
  const id = newId(clock.now())
  return addAccount(db, { id, name: `p${id}`, name_key: `p${id}`, role, language: 'zh-TW', time_zone: 'Asia/Taipei' })
}

export async function logIn(house: SessionHouse, sessions: Sessions, accountId: string) {
  const drafted = await sessions.draft(accountId, from)
  await house.db.commit(drafted.statements)
  return drafted
}

export const shown = (token: string): Shown => ({
  token,
  via: 'bearer',
  stranger: { kind: 'stranger', address: '192.0.2.9', language: 'en' },
})
export const ask = async (sessions: Sessions, token: string) => {
  const found = await sessions.authenticate(shown(token))
  if (found instanceof Problem) throw found
  return found
}
export const code = async (asked: Promise<unknown>) => {
  try {
    await asked
    return 'let in'
  } catch (error) {
    if (error instanceof Problem) return `${error.kind} ${error.code}`
    throw error
  }
}
export const refused = 'unauthenticated session.invalid'

type Act = (...all: unknown[]) => unknown

/** Every read waits for `before`. */
export function delayed(db: Database, before: () => Promise<void>): Database {
  const slow = (query: object): object =>
    new Proxy(query, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        const act = (value as Act).bind(target)
        return isRun(name) ? later(act) : chained(act)
      },
    })
  const isRun = (name: string | symbol) => String(name).startsWith('execute')
  const later =
    (act: Act) =>
    async (...all: unknown[]) => {
      const rows: unknown = await act(...all)
      await before()
      return rows
    }
  const chained =
    (act: Act) =>
    (...all: unknown[]) => {
      const result = act(...all)
      return typeof result === 'object' && result !== null ? slow(result) : result
    }
  return new Proxy(db, { get: (target, name): unknown => (name === 'primary' ? slow(target.primary) : Reflect.get(target, name)) })
}
