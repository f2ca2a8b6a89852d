import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenDatabase } from '#server/database/database.ts'
import { Duplicate, OutcomeUnknown, Retryable, TooSlow } from '#server/database/errors.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import { modelOf } from '#server/database/migrations/migration.ts'
import { newId } from '#server/lib/id.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { describeWith, soon, times } from '#server/testing/grounds.ts'
import { type MariadbPart, openMariadb } from '#server/testing/parts/mariadb.ts'
import { type Fate, openProxy } from '#server/testing/proxy.ts'
import { type TestTables, testMigrations } from '#server/testing/test-tables.ts'
import { type MysqlOptions, openMysqlDatabase } from './mysql-database.ts'
import { openMysqlMigrations } from './mysql-migrations.ts'

describeWith('mariadb')('MariaDB on bad days', () => {
  let mariadb: MariadbPart

  beforeAll(async () => {
    mariadb = await openMariadb()
    await using engine = await openMysqlMigrations(mariadb.url)
    await migrate(engine, { migrations: [...migrations.slice(0, 1), ...testMigrations] })
  })
  afterAll(() => mariadb[Symbol.asyncDispose]())

  test('[F10] the line breaks at COMMIT: asked again with the same key, everything happens once', async () => {
    const chance = seeded(7)
    const fateOf = (piece: Buffer): Fate => {
      const isWrite = piece.includes('commit') || piece[4] === 0x17 // a word of the protocol, or a prepared statement being executed
      const drawn = isWrite ? chance() : 1
      return drawn < 0.1 ? 'break before' : drawn < 0.2 ? 'break after' : 'pass'
    }
    await using proxy = await openProxy(mariadb, { fateOf })
    await using db = await open(mariadb, proxy)
    const film = newId()
    await stubborn(() => db.commit([db.build.insertInto('film').values(filmRow(film))]))
    const keys: string[] = []
    const unknown = { count: 0, done: 0 }
    // Which of the dice meets which word is left to the order in which connections speak: so on until both has been, it had happened and it had not.
    const hasSeenAll = () => keys.length >= times(150, 1000) && unknown.done > 0 && unknown.count > unknown.done
    const another = function* () {
      while (!hasSeenAll() && keys.length < 20_000) {
        const id = newId()
        keys.push(id)
        yield id
      }
    }
    await inTurn(another(), 8, async (id) => {
      const note = db.build.insertInto('note').values({ id, film_id: film, body: '' })
      const count = db.build
        .updateTable('film')
        .set((eb) => ({ views: eb('views', '+', 1) }))
        .where('id', '=', film)
      await stubborn(() => db.commit([note, { query: count, rows: 1 }]), unknown)
    })
    await using straight = await open(mariadb, mariadb)
    const stored = await straight.primary.selectFrom('note').select('id').where('film_id', '=', film).execute()
    const counted = await straight.primary.selectFrom('film').select('views').where('id', '=', film).executeTakeFirstOrThrow()
    expect(new Set(stored.map(({ id }) => id))).toEqual(new Set(keys))
    expect(counted.views).toBe(keys.length)
    expect(unknown.done).toBeGreaterThan(0) // it had happened
    expect(unknown.count).toBeGreaterThan(unknown.done) // it had not
  })

  test('the line breaks before COMMIT: the transaction is tried again by itself', async () => {
    let breaks = 2
    const fateOf = (piece: Buffer): Fate => (piece[4] === 0x17 && breaks-- > 0 ? 'break after' : 'pass')
    await using proxy = await openProxy(mariadb, { fateOf })
    await using db = await open(mariadb, proxy)
    const film = newId()
    let runs = 0
    await db.transaction(async (trx) => {
      runs++
      await trx.insertInto('film').values(filmRow(film)).execute()
    })
    expect(runs).toBe(3)
  })

  test('reading survives connections that break', async () => {
    await using proxy = await openProxy(mariadb)
    await using db = await open(mariadb, proxy)
    for (let i = 0; i < 5; i++) {
      await db.read.selectFrom('film').select('id').limit(1).execute()
      proxy.drop()
    }
    await expect(db.primary.selectFrom('film').select('id').limit(1).execute()).resolves.toBeInstanceOf(Array)
  })

  test.each(['cut', 'blackHole'] as const)('a line that is bad (%s) is given up in time, and taken up again', async (how) => {
    await using proxy = await openProxy(mariadb)
    await using db = await open(mariadb, proxy, { readMs: 1000 })
    const read = () => db.primary.selectFrom('film').select('id').limit(1).execute()
    await read()
    proxy[how]()
    const startedMs = performance.now()
    await expect(read()).rejects.toThrow(Retryable)
    expect(performance.now() - startedMs).toBeLessThan(soon(how === 'cut' ? 2000 : 6000))
    proxy.restore()
    await read()
    await db.commit([db.build.insertInto('film').values(filmRow(newId()))])
  })

  test('a reading that takes too long is ended by the server', async () => {
    await using db = await open(mariadb, mariadb, { readMs: 500 })
    const startedMs = performance.now()
    const slow = db.primary.selectFrom('film').select(sql<number>`sleep(5)`.as('slept')).limit(1)
    await db.commit([db.build.insertInto('film').values(filmRow(newId()))])
    await expect(slow.execute()).rejects.toThrow(TooSlow)
    expect(performance.now() - startedMs).toBeLessThan(soon(1500))
  })

  test('a transaction that takes too long is broken off, and leaves nothing', async () => {
    await using db = await open(mariadb, mariadb, { interactiveMs: 200 })
    const film = newId()
    const slow = db.transaction(async (trx) => {
      await trx.insertInto('film').values(filmRow(film)).execute()
      await wait(400)
      await trx.updateTable('film').set({ views: 1 }).where('id', '=', film).execute()
    })
    await expect(slow).rejects.toThrow('broken off')
    expect(await db.primary.selectFrom('film').select('id').where('id', '=', film).execute()).toEqual([])
  })

  test('after a deadlock nothing of the transaction is written, even by a work that swallows the error', async () => {
    await using db = await open(mariadb, mariadb)
    const [film, other, extra] = [newId(), newId(), newId()]
    await db.commit([db.build.insertInto('film').values(filmRow(film)), db.build.insertInto('film').values(filmRow(other))])
    const lock = (trx: Parameters<Parameters<typeof db.transaction>[0]>[0], id: string) =>
      trx
        .updateTable('film')
        .set((eb) => ({ views: eb('views', '+', 1) }))
        .where('id', '=', id)
        .execute()
    const met = Promise.withResolvers<void>()
    let arrived = 0
    const meet = () => (++arrived === 2 ? met.resolve() : undefined)
    const swallowing = (first: string, second: string, id: string) =>
      db.transaction(async (trx) => {
        await lock(trx, first)
        meet()
        await met.promise
        await lock(trx, second).catch(() => undefined)
        await trx.insertInto('film').values(filmRow(id)).execute()
      })
    await Promise.all([swallowing(film, other, extra), swallowing(other, film, newId())])
    const films = await db.primary.selectFrom('film').select(['id', 'views']).where('id', 'in', [film, other, extra]).execute()
    expect(Object.fromEntries(films.map(({ id, views }) => [id, views]))).toEqual({ [film]: 2, [other]: 2, [extra]: 0 })
  })

  test('more at once than there are connections wait for their turn', async () => {
    await using db = await open(mariadb, mariadb, { connections: 2 })
    const films = Array.from({ length: 60 }, () => newId())
    await Promise.all(films.map((id) => db.transaction((trx) => trx.insertInto('film').values(filmRow(id)).execute())))
    expect(await db.primary.selectFrom('film').select('id').where('id', 'in', films).execute()).toHaveLength(60)
  })

  test('the primary is killed: what was acknowledged stands when it is back, and the program goes on by itself', async () => {
    await using db = await open(mariadb, mariadb)
    const acknowledged: string[] = []
    let isOver = false
    const writers = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const id = newId()
        await db.commit([db.build.insertInto('film').values(filmRow(id))]).then(
          () => acknowledged.push(id),
          (error: unknown) => expect(error instanceof Retryable || error instanceof OutcomeUnknown, String(error)).toBe(true),
        )
      }
    })
    await wait(300)
    await mariadb.kill()
    const before = acknowledged.length
    await mariadb.restart()
    await expect.poll(() => acknowledged.length).toBeGreaterThan(before + 10)
    isOver = true
    await Promise.all(writers)
    const stored = new Set((await db.primary.selectFrom('film').select('id').execute()).map(({ id }) => id))
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
  })
})

async function open(mariadb: MariadbPart, at: { port: number }, options: Partial<MysqlOptions> = {}) {
  const url = new URL(mariadb.url)
  url.port = String(at.port)
  const opened = await openMysqlDatabase({
    url: url.href,
    replicas: [],
    connections: 10,
    maxLagMs: () => 2000,
    log: createCapturedLog(),
    model: () => modelOf(testMigrations),
    ...options,
  })
  const db = opened as unknown as OpenDatabase<TestTables>
  return Object.assign(db, { [Symbol.asyncDispose]: () => db.close() })
}

/** Asks again, with the same key, until it is known to have happened. */
async function stubborn(work: () => Promise<unknown>, unknown = { count: 0, done: 0 }): Promise<void> {
  let wasUnknown = false
  for (;;) {
    try {
      await work()
      return
    } catch (error) {
      if (error instanceof OutcomeUnknown) {
        wasUnknown = true
        unknown.count++
      } else if (error instanceof Duplicate) {
        expect(wasUnknown, 'a duplicate of what was never tried').toBe(true)
        unknown.done++
        return
      } else if (!(error instanceof Retryable)) throw error
    }
  }
}

async function inTurn<T>(rest: IteratorObject<T>, width: number, work: (item: T) => Promise<void>): Promise<void> {
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of rest) await work(item)
    }),
  )
}

const filmRow = (id: string) => ({ id, title: `title ${id}`, views: 0, is_open: 1, made_ms: 0 }) as TestTables['film']

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
