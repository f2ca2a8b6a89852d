import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createMemoryBus } from '#server/adapters/bus/memory-bus.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import { modelOf } from '#server/database/migrations/migration.ts'
import type { OpenDatabase } from '#server/database/database.ts'
import { newId } from '#server/lib/id.ts'
import { withViewerScope } from '#server/lib/viewer-scope.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { describeWith, soon } from '#server/testing/grounds.ts'
import { type MariadbPart, openMariadb } from '#server/testing/parts/mariadb.ts'
import { type TestTables, testMigrations } from '#server/testing/test-tables.ts'
import { openMysqlDatabase } from './mysql-database.ts'
import { openMysqlMigrations } from './mysql-migrations.ts'

const maxLagMs = 700
/** For those who look at what replicas do not have yet, while these are trusted all the same. */
const patientMs = 60_000

describeWith('mariadb')('replicas', () => {
  let mariadb: MariadbPart
  let db: Awaited<ReturnType<typeof open>>

  beforeAll(async () => {
    mariadb = await openMariadb({ replicas: 2 })
    await using engine = await openMysqlMigrations(mariadb.url)
    await migrate(engine, { migrations: [...migrations.slice(0, 1), ...testMigrations] })
    await Promise.all(mariadb.replicas.map((replica) => replica.catchUp()))
    // A row that tells who answers.
    for (const [index, server] of [mariadb, ...mariadb.replicas].entries()) {
      await server.root('set session sql_log_bin = 0', `insert into matinee.film (id, title) values ('who', 'server ${index}')`)
    }
    db = await open(mariadb)
  })
  afterAll(async () => {
    await db.close()
    await mariadb[Symbol.asyncDispose]()
  })
  beforeEach(() => answering(db, ['server 1', 'server 2']))

  test('reading goes to the replicas in turn, deciding to the primary', async () => {
    const who = db.primary.selectFrom('film').select('title').where('id', '=', 'who')
    expect(await who.execute()).toMatchObject([{ title: 'server 0' }])
    const prepared = db.prepareRead((from, value: { id: string }) => from.selectFrom('film').select('title').where('id', '=', value.id))
    const decided = db.prepareRead((from, value: { id: string }) => from.selectFrom('film').select('title').where('id', '=', value.id), {
      from: 'primary',
    })
    expect((await prepared({ id: 'who' }))[0]?.title).toMatch(/server [12]/)
    expect((await decided({ id: 'who' }))[0]?.title).toBe('server 0')
  })

  test('one that lags is left out, and comes back when it has caught up', async () => {
    await mariadb.replicas[0]?.stopReplica()
    await answering(db, ['server 2'])
    expect(db.replicas()[0]?.state.is).toBe('lagging')
    await mariadb.replicas[0]?.startReplica()
  })

  test('one that dies is left out at once, without an error for anybody, and comes back', async () => {
    const readings = keepReading(db)
    await mariadb.replicas[1]?.kill()
    await answering(db, ['server 1'])
    await mariadb.replicas[1]?.restart()
    await answering(db, ['server 1', 'server 2'])
    expect((await readings.end()).errors).toEqual([])
  })

  test('one that falls silent is left out, without an error for anybody', async () => {
    const readings = keepReading(db)
    mariadb.replicas[0]?.freeze()
    await answering(db, ['server 2'])
    mariadb.replicas[0]?.resume()
    const { errors, longestMs } = await readings.end()
    expect(errors).toEqual([])
    expect(longestMs).toBeLessThan(soon(4500))
  })

  test('when all are gone the primary answers', async () => {
    await Promise.all(mariadb.replicas.map((replica) => replica.stopReplica()))
    await answering(db, ['server 0'])
    await Promise.all(mariadb.replicas.map((replica) => replica.startReplica()))
  })

  test('when the primary is gone the replicas still answer', async () => {
    await mariadb.kill()
    try {
      await wait(2500)
      expect((await db.read.selectFrom('film').select('title').where('id', '=', 'who').execute())[0]?.title).toMatch(/server [12]/)
    } finally {
      await mariadb.restart()
    }
  })

  test('who has written sees it, whatever the replicas lack; others read from them meanwhile', async () => {
    const ann = { key: newId(), wroteAtMs: undefined }
    const ben = { key: newId(), wroteAtMs: undefined }
    await using calm = await open(mariadb, patientMs)
    await answering(calm, ['server 1', 'server 2'])
    await stopped(mariadb, async () => {
      for (let i = 0; i < 10; i++) {
        const id = newId()
        await withViewerScope(ann, () =>
          i % 2 ? calm.commit([insert(calm, id)]) : calm.transaction((trx) => trx.insertInto('film').values(filmRow(id)).execute()),
        )
        expect(await withViewerScope({ ...ann, wroteAtMs: undefined }, () => has(calm, id)), 'another request').toBe(true)
      }
      expect(await withViewerScope(ben, () => who(calm))).toMatch(/server [12]/)
    })
  })

  test('until every replica that is in use has it', async () => {
    const ann = newId()
    const id = newId()
    for (const replica of mariadb.replicas) await replica.stopReplica()
    await withViewerScope({ key: ann, wroteAtMs: undefined }, () => db.commit([insert(db, id)]))
    const endMs = performance.now() + 7500
    while (performance.now() < endMs) {
      expect(await withViewerScope({ key: ann, wroteAtMs: undefined }, () => has(db, id))).toBe(true)
      if (performance.now() > endMs - 3500) for (const replica of mariadb.replicas) await replica.startReplica()
      await wait(20)
    }
    await answering(db, ['server 1', 'server 2'])
    const asAnn = () => withViewerScope({ key: ann, wroteAtMs: undefined }, () => who(db))
    await expect.poll(asAnn).toMatch(/server [12]/)
  })

  test('who has written sees it from another process too: over the bus, or by the mark that the door hands on', async () => {
    const bus = createMemoryBus({ log: createCapturedLog() })
    await using here = await open(mariadb, patientMs)
    await using other = await open(mariadb, patientMs)
    await using deaf = await open(mariadb, patientMs)
    await here.ownWrites.shareOver(bus)
    await other.ownWrites.shareOver(bus)
    await answering(deaf, ['server 1', 'server 2'])
    await answering(other, ['server 1', 'server 2'])
    await stopped(mariadb, async () => {
      const id = newId()
      const scope = { key: newId(), wroteAtMs: undefined as number | undefined }
      await withViewerScope(scope, () => here.commit([insert(here, id)]))
      expect(await withViewerScope({ key: scope.key, wroteAtMs: undefined }, () => has(other, id))).toBe(true)
      expect(await withViewerScope({ key: scope.key, wroteAtMs: scope.wroteAtMs }, () => has(deaf, id))).toBe(true)
      expect(await withViewerScope({ key: scope.key, wroteAtMs: undefined }, () => has(deaf, id)), 'unheard and unmarked').toBe(false)
      const forged = Date.now() + 1e9
      expect(await withViewerScope({ key: 'x', wroteAtMs: forged }, () => who(deaf)), 'a mark of the future counts for nothing').toMatch(
        /server [12]/,
      )
    })
    await bus.close()
  })
})

type Db = Awaited<ReturnType<typeof open>>

async function open(mariadb: MariadbPart, lagMs = maxLagMs) {
  const opened = await openMysqlDatabase({
    url: mariadb.url,
    replicas: mariadb.replicas.map(({ url }) => url),
    connections: 6,
    maxLagMs: () => lagMs,
    // A machine that many share may hold up any reading: what falls silent is silent for longer.
    readMs: 5000,
    log: createCapturedLog(),
    model: () => modelOf(testMigrations),
  })
  const db = opened as unknown as OpenDatabase<TestTables> & Pick<typeof opened, 'ownWrites' | 'replicas'>
  return Object.assign(db, { [Symbol.asyncDispose]: () => db.close() })
}

async function who(db: Db): Promise<string | undefined> {
  return (await db.read.selectFrom('film').select('title').where('id', '=', 'who').executeTakeFirst())?.title
}

async function has(db: Db, id: string): Promise<boolean> {
  return (await db.read.selectFrom('film').select('id').where('id', '=', id).execute()).length === 1
}

/** Resolves once these, and no others, answer. */
async function answering(db: Db, servers: string[]): Promise<void> {
  await expect
    .poll(
      async () => {
        const seen = new Set<string | undefined>()
        for (let i = 0; i < 4; i++) seen.add(await who(db))
        return [...seen].sort()
      },
      { timeout: 90_000 },
    )
    .toEqual(servers)
}

/** The replicas hear nothing meanwhile, but are still trusted at its beginning. */
async function stopped(mariadb: MariadbPart, work: () => Promise<void>): Promise<void> {
  await Promise.all(mariadb.replicas.map((replica) => replica.stopReplica()))
  try {
    await work()
  } finally {
    await Promise.all(mariadb.replicas.map((replica) => replica.startReplica()))
  }
}

function keepReading(db: Db) {
  const errors: unknown[] = []
  let isOver = false
  let longestMs = 0
  const readers = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const startedMs = performance.now()
      await who(db).catch((error: unknown) => errors.push(error))
      longestMs = Math.max(longestMs, performance.now() - startedMs)
      await wait(5)
    }
  })
  return {
    async end() {
      isOver = true
      await Promise.all(readers)
      return { errors, longestMs }
    },
  }
}

const filmRow = (id: string) => ({ id, title: `title ${id}`, views: 0, is_open: 1, made_ms: 0 }) as TestTables['film']
const insert = (db: Db, id: string) => db.build.insertInto('film').values(filmRow(id))
