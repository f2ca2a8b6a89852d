import { AsyncResource } from 'node:async_hooks'
import { beforeEach, describe, expect, test } from 'vitest'
import type { OpenDatabase } from '#server/database/database.ts'
import { BrokenReference, Duplicate, Unexpected } from '#server/database/errors.ts'
import { newId } from '#server/lib/id.ts'
import type { TestTables } from '#server/testing/test-tables.ts'

type Db = OpenDatabase<TestTables>

/** What every ground promises. `open` answers a database with the tables of `testMigrations`; it is shared by all tests here. */
export function databaseContract(name: string, open: () => Db): void {
  describe(name, () => {
    let db: Db
    beforeEach(() => {
      db = open()
    })
    visibility(() => db)
    atomicity(() => db)
    expectations(() => db)
    guards(() => db)
    concurrency(() => db)
  })
}

function visibility(at: () => Db): void {
  test('what was committed is seen by the next reading, from either side', async () => {
    const film = await added(at())
    expect(await titleOf(at(), film, 'primary')).toBe(`title ${film}`)
    await expect.poll(() => titleOf(at(), film, 'read')).toBe(`title ${film}`)
  })

  test('nobody sees what a transaction has not committed, but the transaction itself does', async () => {
    const db = at()
    const film = newId()
    const before = await db.transaction(async (trx) => {
      await trx
        .insertInto('film')
        .values({ ...row(film) })
        .execute()
      const within = await trx.selectFrom('film').select('id').where('id', '=', film).execute()
      const outside = await beside(() => titleOf(db, film, 'primary'))
      return { within: within.length, outside }
    })
    expect(before).toEqual({ within: 1, outside: undefined })
    expect(await titleOf(db, film, 'primary')).toBeDefined()
  })

  test('a prepared reading answers what a built one does', async () => {
    const db = at()
    const films = [await added(db), await added(db)]
    const prepared = db.prepareRead(
      (from, value: { id: string; most: number }) =>
        from.selectFrom('film').select(['id', 'title']).where('id', '=', value.id).limit(value.most),
      {
        from: 'primary',
      },
    )
    for (const id of films) expect(await prepared({ id, most: 1 })).toMatchObject([{ id, title: `title ${id}` }])
    expect(await prepared({ id: films[0] ?? '', most: 0 })).toEqual([])
  })
}

function atomicity(at: () => Db): void {
  test('a transaction that throws leaves nothing', async () => {
    const film = newId()
    const failing = at().transaction(async (trx) => {
      await trx.insertInto('film').values(row(film)).execute()
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await titleOf(at(), film, 'primary')).toBeUndefined()
  })

  test('a commit is all or none', async () => {
    const db = at()
    const film = await added(db)
    const other = newId()
    const statements = [db.build.insertInto('film').values(row(other)), db.build.insertInto('film').values({ ...row(film) })]
    await expect(db.commit(statements)).rejects.toThrow(Duplicate)
    expect(await titleOf(db, other, 'primary')).toBeUndefined()
  })

  test('members of one group do not share a fate: the good ones stand, the bad ones leave nothing', async () => {
    const db = at()
    const film = await added(db)
    const ids = Array.from({ length: 40 }, () => newId())
    const results = await Promise.allSettled(
      ids.map((id, index) => {
        const good = db.build.insertInto('film').values(row(id))
        return db.commit(index % 2 === 0 ? [good] : [good, db.build.insertInto('film').values(row(film))])
      }),
    )
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual(ids.map((_, index) => index % 2 === 0))
    const stored = await db.primary.selectFrom('film').select('id').where('id', 'in', ids).execute()
    expect(new Set(stored.map(({ id }) => id))).toEqual(new Set(ids.filter((_, index) => index % 2 === 0)))
  })

  test('a failed statement inside a transaction is undone alone, and the transaction goes on', async () => {
    const db = at()
    const [film, other] = [await added(db), newId()]
    await db.transaction(async (trx) => {
      await trx.insertInto('film').values(row(other)).execute()
      await expect(trx.insertInto('film').values(row(film)).execute()).rejects.toThrow(Duplicate)
      await trx.updateTable('film').set({ views: 3 }).where('id', '=', other).execute()
    })
    expect(await viewsOf(db, other)).toBe(3)
  })
}

function expectations(at: () => Db): void {
  test('commit tells the rows affected; those that an update finds count, changed or not', async () => {
    const db = at()
    const film = await added(db)
    const touch = db.build.updateTable('film').set({ views: 0 }).where('id', '=', film)
    const miss = db.build.updateTable('film').set({ views: 9 }).where('id', '=', newId())
    expect(await db.commit([touch, miss, db.build.deleteFrom('film').where('id', '=', film)])).toEqual([
      { rows: 1 },
      { rows: 0 },
      { rows: 1 },
    ])
  })

  test('when other rows than expected are affected, nothing is changed and the statement is named', async () => {
    const db = at()
    const film = await added(db)
    const bump = db.build
      .updateTable('film')
      .set((eb) => ({ views: eb('views', '+', 1) }))
      .where('id', '=', film)
    const claim = db.build.updateTable('film').set({ is_open: 0 }).where('id', '=', film).where('is_open', '=', 0)
    const failed = db.commit([bump, { query: claim, rows: 1 }])
    await expect(failed).rejects.toThrow(Unexpected)
    await expect(failed).rejects.toMatchObject({ statement: 1, rows: 0 })
    expect(await viewsOf(db, film)).toBe(0)
  })

  test('an expectation that too many rows meet undoes them too', async () => {
    const db = at()
    const films = [await added(db), await added(db)]
    const both = db.build.updateTable('film').set({ views: 7 }).where('id', 'in', films)
    await expect(db.commit([{ query: both, rows: 1 }])).rejects.toMatchObject({ statement: 0, rows: 2 })
    expect(await viewsOf(db, films[0] ?? '')).toBe(0)
  })

  test('Duplicate names the key: of one column, of several, and the primary one', async () => {
    const db = at()
    const film = await added(db)
    const key = (query: ReturnType<typeof insertFilm>) =>
      db.commit([query]).catch((error: unknown) => (error instanceof Duplicate ? error.key : error))
    expect(await key(insertFilm(db, { ...row(newId()), title: `title ${film}` }))).toBe('film.title')
    expect(await key(insertFilm(db, { ...row(film), title: newId() }))).toBe('film.id')
    const seat = (number: number) => db.build.insertInto('seat').values({ film_id: film, number, holder: 'ann' })
    await db.commit([seat(1)])
    await expect(db.commit([seat(2)])).rejects.toMatchObject({ key: 'seat.film_id,holder' })
    await expect(db.commit([seat(1)])).rejects.toBeInstanceOf(Duplicate)
    await expect(db.transaction((trx) => trx.insertInto('film').values(row(film)).execute())).rejects.toThrow(Duplicate)
  })

  test('a reference to nothing is refused, and rows go with the one they point at', async () => {
    const db = at()
    const film = await added(db)
    const note = (film_id: string) => db.build.insertInto('note').values({ id: newId(), film_id, body: '' })
    await expect(db.commit([note(newId())])).rejects.toThrow(BrokenReference)
    await db.commit([note(film), note(film)])
    await db.commit([db.build.deleteFrom('film').where('id', '=', film)])
    expect(await db.primary.selectFrom('note').select('id').where('film_id', '=', film).execute()).toEqual([])
  })
}

function guards(at: () => Db): void {
  test('inside a transaction the database itself refuses, by whatever door', async () => {
    const db = at()
    const { primary } = db
    const find = db.prepareRead((from, value: { id: string }) => from.selectFrom('film').select('id').where('id', '=', value.id))
    const doors: Record<string, () => unknown> = {
      read: () => db.read.selectFrom('film').select('id').execute(),
      primary: () => db.primary.selectFrom('film').select('id').execute(),
      'a reader kept from before': () => primary.selectFrom('film').select('id').execute(),
      'a prepared reading': () => find({ id: 'x' }),
      commit: () => db.commit([db.build.deleteFrom('film').where('id', '=', 'x')]),
      transaction: () => db.transaction(async () => undefined),
    }
    for (const [door, go] of Object.entries(doors)) {
      await expect(
        db.transaction(async () => go()),
        door,
      ).rejects.toThrow('only trx may be used')
    }
  })

  test('what a transaction has begun and left behind may use the database again afterwards', async () => {
    const db = at()
    const later = Promise.withResolvers<void>()
    const left = await db.transaction(async () => ({
      result: later.promise.then(() => db.primary.selectFrom('film').select('id').limit(1).execute()),
    }))
    later.resolve()
    expect(await left.result).toBeInstanceOf(Array)
  })

  test('a statement that was built for commit cannot be executed past it', async () => {
    await expect(at().build.deleteFrom('film').execute()).rejects.toThrow('commit()')
  })

  test('the reading side cannot write', async () => {
    const db = at()
    const film = await added(db)
    const sly = db.prepareRead(() => db.build.deleteFrom('film').where('id', '=', film))
    await expect(sly({})).rejects.toThrow()
    expect(await titleOf(db, film, 'primary')).toBeDefined()
  })

  test.each([new Date(0), { a: 1 }, new Map(), undefined, Number.NaN, Infinity, 2 ** 53, 2n ** 53n, Symbol('x')])(
    '%s is refused as a value',
    async (value) => {
      const db = at()
      const film = await added(db)
      const byValue = db.build
        .updateTable('film')
        .set({ views: 9 })
        .where('made_ms', '<', value as number)
      await expect(db.commit([byValue.where('id', '=', film)])).rejects.toThrow(TypeError)
      await expect(
        db.transaction((trx) =>
          trx
            .selectFrom('film')
            .select('id')
            .where('made_ms', '=', value as number)
            .execute(),
        ),
      ).rejects.toThrow(TypeError)
      await expect(
        db.primary
          .selectFrom('film')
          .select('id')
          .where('made_ms', '=', value as number)
          .execute(),
      ).rejects.toThrow(TypeError)
      expect(await viewsOf(db, film)).toBe(0)
    },
  )
}

function concurrency(at: () => Db): void {
  test('fifty increments at once make fifty', async () => {
    const db = at()
    const film = await added(db)
    await Promise.all(Array.from({ length: 50 }, () => db.commit([{ query: increment(db, film), rows: 1 }])))
    expect(await viewsOf(db, film)).toBe(50)
  })

  test('fifty transactions that read, think and write make fifty, when they lock what they read', async () => {
    const db = at()
    const film = await added(db)
    await Promise.all(
      Array.from({ length: 50 }, () =>
        db.transaction(async (trx) => {
          await trx
            .updateTable('film')
            .set((eb) => ({ views: eb('views', '+', 0) }))
            .where('id', '=', film)
            .execute()
          const { views } = await trx.selectFrom('film').select('views').where('id', '=', film).executeTakeFirstOrThrow()
          await trx
            .updateTable('film')
            .set({ views: views + 1 })
            .where('id', '=', film)
            .execute()
        }),
      ),
    )
    expect(await viewsOf(db, film)).toBe(50)
  })

  test('ten who claim the same row: one has it', async () => {
    const db = at()
    const film = await added(db)
    const claim = db.build.updateTable('film').set({ is_open: 0 }).where('id', '=', film).where('is_open', '=', 1)
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => db.commit([{ query: claim, rows: 1 }])))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('transactions that lock two rows in opposite order all end', async () => {
    const db = at()
    const films = [await added(db), await added(db)]
    const bump =
      (id = '') =>
      (trx: Parameters<Parameters<Db['transaction']>[0]>[0]) =>
        trx
          .updateTable('film')
          .set((eb) => ({ views: eb('views', '+', 1) }))
          .where('id', '=', id)
          .execute()
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        db.transaction(async (trx) => {
          const [first, second] = index % 2 === 0 ? films : films.toReversed()
          await bump(first)(trx)
          await bump(second)(trx)
        }),
      ),
    )
    expect(await Promise.all(films.map((film) => viewsOf(db, film)))).toEqual([12, 12])
  })

  test('transactions and commits that are mixed all come through', async () => {
    const db = at()
    const film = await added(db)
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        index % 3 === 0
          ? db.transaction((trx) =>
              trx
                .updateTable('film')
                .set((eb) => ({ views: eb('views', '+', 1) }))
                .where('id', '=', film)
                .execute(),
            )
          : db.commit([increment(db, film)]),
      ),
    )
    expect(await viewsOf(db, film)).toBe(60)
  })
}

const row = (id: string) => ({ id, title: `title ${id}`, views: 0, is_open: 1, made_ms: 0 }) as TestTables['film']

async function added(db: Db, values: Partial<TestTables['film']> = {}): Promise<string> {
  const id = newId()
  await db.commit([insertFilm(db, { ...row(id), ...values })])
  return id
}

const insertFilm = (db: Db, values: TestTables['film']) => db.build.insertInto('film').values(values)

const increment = (db: Db, film: string) =>
  db.build
    .updateTable('film')
    .set((eb) => ({ views: eb('views', '+', 1) }))
    .where('id', '=', film)

async function titleOf(db: Db, film: string, from: 'read' | 'primary'): Promise<string | undefined> {
  const found = await db[from].selectFrom('film').select('title').where('id', '=', film).executeTakeFirst()
  return found?.title
}

async function viewsOf(db: Db, film: string): Promise<number> {
  const found = await db.primary.selectFrom('film').select('views').where('id', '=', film).executeTakeFirstOrThrow()
  return found.views
}

const elsewhere = new AsyncResource('another request')

/** Out of the transaction's context, as another request would be. */
function beside<R>(work: () => Promise<R>): Promise<R> {
  return elsewhere.runInAsyncScope(work)
}
