import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { CompiledQuery, sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { OpenDatabase } from '#server/database/database.ts'
import { DatabaseFull, OutcomeUnknown } from '#server/database/errors.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import { newId } from '#server/lib/id.ts'
import { times } from '#server/testing/grounds.ts'
import { type TestTables, testMigrations } from '#server/testing/test-tables.ts'
import { isOlder } from './file.ts'
import { openSqliteDatabase, type SqliteOptions } from './sqlite-database.ts'
import { openSqliteMigrations } from './sqlite-migrations.ts'
import { ThreadClient } from './thread-client.ts'

describe('SQLite on bad days', () => {
  test('[F3] what was acknowledged stands after kill -9, however often', async () => {
    await using place = await newPlace()
    const acknowledged: string[] = []
    for (let round = 0; round < times(4, 40); round++) {
      const child = startWriter(place.path, 'x')
      let heard = ''
      child.stdout.on('data', (chunk) => {
        heard += chunk
        if (heard.length > 2000 + round * 3000) child.kill('SIGKILL')
      })
      await once(child, 'close')
      acknowledged.push(...heard.split('\n').slice(0, -1))
    }
    const stored = filmsIn(place.path)
    expect(acknowledged.length).toBeGreaterThan(400)
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
  })

  test('[F4] two processes that write and checkpoint at once leave the file whole, and every row', async () => {
    await using place = await newPlace()
    const children = ['a', 'b'].map((tag) => startWriter(place.path, tag, String(times(2000, 60_000))))
    const heard = await Promise.all(
      children.map(async (child) => {
        let text = ''
        let complaint = ''
        child.stdout.on('data', (chunk) => {
          text += chunk
        })
        child.stderr.on('data', (chunk) => {
          complaint += chunk
        })
        await once(child, 'close')
        expect(complaint).toBe('')
        return text.split('\n').slice(0, -1)
      }),
    )
    expect(Math.min(...heard.map((ids) => ids.length))).toBeGreaterThan(0)
    expect(filmsIn(place.path)).toEqual(new Set(heard.flat()))
  }, 300_000)

  test('a full disk: writers are told, readers go on, nothing acknowledged is lost, and with room it goes on', async () => {
    using disk = smallDisk()
    await using place = await newPlace({ folder: disk.folder, ...(disk.isReal ? {} : { maxPages: 700 }) })
    const { db } = place
    const filler = join(disk.folder, 'filler')
    if (disk.isReal) writeFileSync(filler, Buffer.alloc(1_000_000))
    const acknowledged: string[] = []
    const failures: unknown[] = []
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (;;) {
          const id = newId()
          const written = db.commit([db.build.insertInto('film').values({ ...filmRow(id), about: 'x'.repeat(5000) })])
          const failure = await written.then(() => undefined).catch((error: unknown) => error)
          if (failure) return void failures.push(failure)
          acknowledged.push(id)
        }
      }),
    )
    expect(failures).toHaveLength(16)
    for (const failure of failures) expect(failure).toBeInstanceOf(DatabaseFull)
    await expect(
      db.transaction((trx) =>
        trx
          .insertInto('film')
          .values({ ...filmRow(newId()), about: 'x'.repeat(500_000) })
          .execute(),
      ),
    ).rejects.toThrow(DatabaseFull)
    const stored = await db.read.selectFrom('film').select('id').execute()
    expect(new Set(stored.map(({ id }) => id))).toEqual(new Set(acknowledged))
    if (disk.isReal) rmSync(filler)
    else await db.commit([db.build.deleteFrom('film')])
    await db.commit([db.build.insertInto('film').values(filmRow(newId()))])
  })

  test('a disk that fails: the writer is told to try again, and what was acknowledged stands', async () => {
    await using place = await newPlace()
    // The system refuses to let any file grow beyond: to SQLite that is an I/O error.
    const child = startWriter(place.path, 'x', '60000', ['sh', '-c', 'ulimit -f 1400; exec "$@"', 'sh'])
    let heard = ''
    let complaint = ''
    child.stdout.on('data', (chunk) => {
      heard += chunk
    })
    child.stderr.on('data', (chunk) => {
      complaint += chunk
    })
    await once(child, 'close')
    expect(complaint).toMatch(/Retryable|OutcomeUnknown/)
    const stored = filmsIn(place.path)
    const acknowledged = heard.split('\n').slice(0, -1)
    expect(acknowledged.length).toBeGreaterThan(10)
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
  })

  test('rows whose own numbers are larger than a number can be, as the full-text index makes them, disturb nobody', async () => {
    await using place = await newPlace()
    const { db } = place
    const add = (id: string, row: bigint) => CompiledQuery.raw(`insert into film (rowid, id, title) values (${row}, '${id}', '${id}')`)
    const [first, second, third] = [newId(), newId(), newId()]
    await db.commit([{ compile: () => add(first, 2n ** 53n + 2n ** 38n) }])
    await db.transaction(async (trx) => void (await trx.executeQuery(add(second, 2n ** 53n + 2n ** 39n))))
    await db.commit([db.build.updateTable('film').set({ views: 1 }).where('id', '=', second), db.build.deleteFrom('seat')])
    using engine = openSqliteMigrations(place.path)
    expect(await engine.run(add(third, 2n ** 53n + 2n ** 40n).sql)).toEqual({ rows: 1 })
    expect(filmsIn(place.path)).toEqual(new Set([first, second, third]))
  })

  test('a transaction that takes too long is broken off and leaves nothing, and the others go on while it still waits', async () => {
    await using place = await newPlace({ interactiveMs: 150 })
    const { db } = place
    const [film, other] = [newId(), newId()]
    const begun = Promise.withResolvers<void>()
    const passed = Promise.withResolvers<void>()
    const slow = db.transaction(async (trx) => {
      await trx.insertInto('film').values(filmRow(film)).execute()
      begun.resolve()
      await passed.promise
      await trx.updateTable('film').set({ views: 1 }).where('id', '=', film).execute()
    })
    const failed = expect(slow).rejects.toThrow('broken off')
    await begun.promise
    await db.commit([db.build.insertInto('film').values(filmRow(other))])
    passed.resolve()
    await failed
    expect(filmsIn(place.path)).toEqual(new Set([other]))
  })

  test('a transaction whose work forgets to wait for a statement still ends', async () => {
    await using place = await newPlace()
    const { db } = place
    const left: Promise<unknown>[] = []
    await db.transaction(async (trx) => {
      await trx.insertInto('film').values(filmRow('a')).execute()
      left.push(
        trx
          .insertInto('film')
          .values(filmRow('b'))
          .execute()
          .catch(() => undefined),
      )
    })
    await Promise.all(left)
    await db.commit([db.build.insertInto('film').values(filmRow('c'))])
    expect(filmsIn(place.path).has('c')).toBe(true)
  })

  test('another process holds the lock: who writes waits for it', async () => {
    await using place = await newPlace()
    const { db } = place
    using other = new DatabaseSync(place.path)
    other.exec('begin immediate')
    const written = db.commit([db.build.insertInto('film').values(filmRow('a'))])
    await wait(200)
    other.exec('rollback')
    await written
    expect(filmsIn(place.path).has('a')).toBe(true)
  })

  test('a thread that dies leaves nobody waiting, and the next question starts another', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'matinee-thread-'))
    const path = join(folder, 'later', 'matinee.db')
    const client = new ThreadClient({ kind: 'reader', path })
    const ask = () => client.ask(['read', client.nextId(), 'select 1 as one', []])
    await expect(ask()).rejects.toThrow(OutcomeUnknown)
    mkdirSync(join(folder, 'later'))
    await expect(ask()).resolves.toMatchObject({ rows: [{ one: 1 }] })
    await client.close()
    await expect(ask()).rejects.toThrow('closed')
    rmSync(folder, { recursive: true })
  })
})

describe('SQLite as we open it', () => {
  test('syncs each commit, checks references, and leaves no log behind when it is closed', async () => {
    await using place = await newPlace()
    const { db } = place
    const pragma = (name: string) =>
      db.transaction(async (trx) => Object.values((await sql.raw(`pragma ${name}`).execute(trx)).rows[0] as object)[0])
    expect(await pragma('synchronous')).toBe(2)
    expect(await pragma('journal_mode')).toBe('wal')
    expect(await pragma('foreign_keys')).toBe(1)
    await db.commit([db.build.insertInto('film').values(filmRow('a'))])
    expect(existsSync(`${place.path}-wal`)).toBe(true)
    await db.close()
    expect(existsSync(`${place.path}-wal`)).toBe(false)
  })

  test('[F16] a reading that takes long moves to a thread of its own, and the event loop stays free', async () => {
    await using place = await newPlace()
    const { db } = place
    // Half a million pairs: slow on the quickest machine too.
    const rows = 700
    const films = Array.from({ length: rows }, (_, index) => db.build.insertInto('film').values({ ...filmRow(newId()), views: index }))
    await db.commit(films)
    const slow = () =>
      db.read
        .selectFrom(['film as a', 'film as b'])
        .select((eb) => eb.fn.max(sql<number>`a.views * b.views % 1013 + length(a.title || b.title)`).as('most'))
        .executeTakeFirstOrThrow()
    expect(await turnsDuring(slow), 'the first time, when nobody knows').toBeLessThan(10)
    expect(await turnsDuring(slow)).toBeGreaterThan(10)
    const most = mostOf(rows * rows, (at) => ((at % rows) * Math.floor(at / rows)) % 1013) + 2 * 'title '.length + 40
    expect((await slow()).most).toBe(most)
  })

  test('a library with the WAL-reset race is refused', () => {
    expect(isOlder('3.51.2', '3.51.3')).toBe(true)
    expect(isOlder('3.9.0', '3.51.3')).toBe(true)
    expect(isOlder('3.51.3', '3.51.3')).toBe(false)
    expect(isOlder('3.53.4', '3.51.3')).toBe(false)
    expect(isOlder('4.0.0', '3.51.3')).toBe(false)
  })
})

function mostOf(count: number, of: (at: number) => number): number {
  let most = 0
  for (let at = 0; at < count; at++) most = Math.max(most, of(at))
  return most
}

/** How often the event loop comes round meanwhile. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let isOver = false
  const turn = () => {
    turns++
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  await work()
  isOver = true
  return turns
}

async function newPlace(options: Partial<SqliteOptions> & { folder?: string } = {}) {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'matinee-sqlite-'))
  const path = join(folder, 'matinee.db')
  {
    using engine = openSqliteMigrations(path)
    await migrate(engine, { migrations: testMigrations })
  }
  const db = openSqliteDatabase({ path, ...options }) as unknown as OpenDatabase<TestTables>
  return {
    path,
    db,
    async [Symbol.asyncDispose]() {
      await db.close()
      if (!options.folder) rmSync(folder, { recursive: true })
    },
  }
}

function startWriter(path: string, tag: string, ms = '60000', before: string[] = []) {
  const script = fileURLToPath(import.meta.resolve('#server/testing/children/commit-and-die.ts'))
  const [command = process.execPath, ...args] = before.concat(process.execPath, script, path, tag, ms)
  return spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
}

/** A file system of four megabytes where the system lets us mount one; elsewhere the database itself is held small. */
function smallDisk(): { folder: string; isReal: boolean } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-disk-'))
  const isReal = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]).status === 0
  return {
    folder,
    isReal,
    [Symbol.dispose]() {
      if (isReal) spawnSync('umount', [folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function filmsIn(path: string): Set<string> {
  using db = new DatabaseSync(path)
  expect(db.prepare('pragma integrity_check').get()?.integrity_check).toBe('ok')
  return new Set(
    db
      .prepare('select id from film')
      .all()
      .map(({ id }) => String(id)),
  )
}

const filmRow = (id: string) => ({ id, title: `title ${id}`, views: 0, is_open: 1, made_ms: 0 }) as TestTables['film']
