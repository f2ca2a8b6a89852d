import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import type { OpenDatabase, Value } from '#server/database/database.ts'
import { BrokenReference, Duplicate } from '#server/database/errors.ts'
import { fromJson, toJson } from '#server/database/json-text.ts'
import { keyset, pageOf } from '#server/database/keyset.ts'
import { beginsWith, charLength, concat, contains, greater, insertMissing, lesser, locked, sum, upsert } from '#server/database/portable.ts'
import { newId } from '#server/lib/id.ts'
import { hostileTexts } from '#server/testing/hostile-texts.ts'
import type { TestTables } from '#server/testing/test-tables.ts'

type Db = OpenDatabase<TestTables>

/** What has two spellings in SQL and one here. */
export function portableContract(name: string, open: () => Db): void {
  describe(`${name}: one spelling`, () => {
    let db: Db
    let tag: string
    beforeEach(() => {
      db = open()
      tag = newId()
    })
    writing(() => ({ db, tag }))
    expressions(() => ({ db, tag }))
    paging(() => ({ db, tag }))
  })
}

type At = () => { db: Db; tag: string }

function writing(at: At): void {
  test('upsert inserts, then takes, adds and keeps the greater; each row given counts once', async () => {
    const { db, tag } = at()
    const put = (views: number, made_ms: number, about: string) =>
      upsert(db.dialect, db.build.insertInto('film').values({ ...row(tag), views, made_ms, about }), {
        key: ['id'],
        take: ['about'],
        add: ['views'],
        most: ['made_ms'],
      })
    expect(await db.commit([{ query: put(2, 50, 'a'), rows: 1 }])).toEqual([{ rows: 1 }])
    expect(await db.commit([{ query: put(3, 40, 'b'), rows: 1 }])).toEqual([{ rows: 1 }])
    const kept = await db.transaction(async (trx) => {
      const written = await upsert(db.dialect, trx.insertInto('film').values({ ...row(tag), views: 1, made_ms: 60 }), {
        key: ['id'],
        add: ['views'],
        most: ['made_ms'],
      }).executeTakeFirst()
      expect(written.numInsertedOrUpdatedRows).toBe(1n)
      return trx.selectFrom('film').select(['views', 'made_ms', 'about']).where('id', '=', tag).executeTakeFirstOrThrow()
    })
    expect({ ...kept }).toEqual({ views: 6, made_ms: 60, about: 'b' })
  })

  test('ten upserts at once count ten', async () => {
    const { db, tag } = at()
    const one = upsert(db.dialect, db.build.insertInto('film').values({ ...row(tag), views: 1 }), { key: ['id'], add: ['views'] })
    await Promise.all(Array.from({ length: 10 }, () => db.commit([one])))
    expect(await viewsOf(db, tag)).toBe(10)
  })

  test('insertMissing passes over what stands already, and tells how many were new', async () => {
    const { db, tag } = at()
    const [a, b, c] = ['a', 'b', 'c'].map((letter) => row(`${tag.slice(1)}${letter}`))
    const put = (...rows: (typeof a)[]) =>
      insertMissing(db.dialect, db.build.insertInto('film').values(rows.map((each) => each ?? row(''))))
    expect(await db.commit([put(a, b)])).toEqual([{ rows: 2 }])
    expect(await db.commit([put(b, c)])).toEqual([{ rows: 1 }])
    expect(await db.commit([put(a, b, c)])).toEqual([{ rows: 0 }])
    const inTransaction = await db.transaction((trx) =>
      insertMissing(db.dialect, trx.insertInto('film').values(row(a?.id ?? ''))).executeTakeFirst(),
    )
    expect(inTransaction.numInsertedOrUpdatedRows).toBe(0n)
  })

  test('insertMissing passes over nothing else: what is too long, or points nowhere, is refused and undone', async () => {
    const { db, tag } = at()
    const long = { ...row(tag), title: 'x'.repeat(201) }
    await expect(db.commit([insertMissing(db.dialect, db.build.insertInto('film').values(long))])).rejects.toThrow()
    await db.commit([db.build.insertInto('film').values(row(tag))])
    const lost = insertMissing(
      db.dialect,
      db.build.insertInto('note').values([
        { id: tag, film_id: tag, body: '' },
        { id: newId(), film_id: 'nowhere', body: '' },
      ]),
    )
    await expect(db.commit([lost])).rejects.toThrow(BrokenReference)
    expect(await db.primary.selectFrom('note').select('id').where('film_id', '=', tag).execute()).toEqual([])
  })

  test('locked rows are read and changed by one at a time', async () => {
    const { db, tag } = at()
    await db.commit([db.build.insertInto('film').values(row(tag))])
    await Promise.all(
      Array.from({ length: 30 }, () =>
        db.transaction(async (trx) => {
          const { views } = await locked(db.dialect, trx.selectFrom('film').select('views').where('id', '=', tag)).executeTakeFirstOrThrow()
          await trx
            .updateTable('film')
            .set({ views: views + 1 })
            .where('id', '=', tag)
            .execute()
        }),
      ),
    )
    expect(await viewsOf(db, tag)).toBe(30)
  })

  test('a prepared statement is written again and again with other values', async () => {
    const { db, tag } = at()
    const add = db.prepareWrite((to, value: { id: string; title: string; views: number }) =>
      to.insertInto('film').values({ id: value.id, title: value.title, views: value.views, is_open: 1, made_ms: 0 }),
    )
    const spread = db.prepareWrite((to, value: { id: string; title: string }) =>
      to.insertInto('film').values({ ...value, views: 0, is_open: 1, made_ms: 0 } as TestTables['film']),
    )
    expect(() => spread({ id: tag, title: '' }), 'values that cannot be seen').toThrow('one by one')
    const ids = Array.from({ length: 20 }, () => newId())
    await Promise.all(ids.map((id, index) => db.commit([{ query: add({ id, title: `${tag} ${index}`, views: index }), rows: 1 }])))
    await expect(db.commit([add({ id: ids[0] ?? '', title: tag, views: 0 })])).rejects.toThrow(Duplicate)
    const stored = await db.primary.selectFrom('film').select('views').where('id', 'in', ids).orderBy('views').execute()
    expect(stored.map(({ views }) => views)).toEqual(ids.map((_, index) => index))
  })
}

function expressions(at: At): void {
  const one = async (pick: (db: Db) => ReturnType<typeof sql>, where: Partial<TestTables['film']> = {}) => {
    const { db, tag } = at()
    await db.commit([db.build.insertInto('film').values({ ...row(tag), ...where })])
    const found = await db.primary.selectFrom('film').select(pick(db).as('value')).where('id', '=', tag).executeTakeFirstOrThrow()
    return found.value
  }

  test('concat joins texts', async () => {
    expect(await one(() => concat(sql.ref('about'), ' – ', sql.ref('extra')), { about: '电影', extra: 'b' })).toBe('电影 – b')
  })

  test.each([
    [4, 9],
    [9, 4],
  ])('greater and lesser choose of %i and %i', async (views, made_ms) => {
    const both = (db: Db) =>
      concat(
        sql`concat(${greater(db.dialect, sql.ref('views'), sql.ref('made_ms'))}, '')`,
        sql`concat(${lesser(db.dialect, sql.ref('views'), sql.ref('made_ms'))}, '')`,
      )
    expect(await one(both, { views, made_ms })).toBe('94')
  })

  test('charLength counts characters', async () => {
    expect(await one((db) => charLength(db.dialect, sql.ref('about')), { about: 'a电影😀' })).toBe(4)
  })

  test('a sum is a number, also of nothing', async () => {
    const { db, tag } = at()
    const empty = await db.primary
      .selectFrom('film')
      .select(sum(sql.ref('views')).as('views'))
      .where('id', '=', tag)
      .executeTakeFirstOrThrow()
    expect(empty.views).toBe(0)
    expect(await one(() => sum(sql.ref('views')), { views: 2 ** 40 })).toBe(2 ** 40)
  })

  test('contains takes every sign for what it is', async () => {
    const { db, tag } = at()
    const texts = ['100%', '100x', 'a_b', 'axb', 'wow!', 'wow', 'back\\slash', 'éa', '电影院']
    await db.commit(texts.map((about) => db.build.insertInto('film').values({ ...row(newId()), about, extra: tag })))
    const found = async (text: string) => {
      const rows = await db.primary
        .selectFrom('film')
        .select('about')
        .where('extra', '=', tag)
        .where(contains(sql.ref('about'), text))
        .execute()
      return rows.map(({ about }) => about).sort()
    }
    expect(await found('0%')).toEqual(['100%'])
    expect(await found('a_b')).toEqual(['a_b'])
    expect(await found('w!')).toEqual(['wow!'])
    expect(await found('WOW')).toEqual([])
    expect(await found('k\\s')).toEqual(['back\\slash'])
    expect(await found('影')).toEqual(['电影院'])
    for (const text of hostileTexts) expect(await found(text)).toEqual([])
  })

  test('beginsWith is exact, and lets hostile texts be texts', async () => {
    const { db, tag } = at()
    const texts = ['ab', 'abc', 'Abc', 'ab%', 'aC', 'ab😀', 'b', 'a']
    await db.commit(texts.map((about) => db.build.insertInto('film').values({ ...row(newId()), title: `${tag}${about}` })))
    const found = async (text: string) => {
      const rows = await db.primary
        .selectFrom('film')
        .select('title')
        .where(beginsWith(sql.ref('title'), `${tag}${text}`))
        .execute()
      return rows.map(({ title }) => title.slice(tag.length)).sort()
    }
    expect(await found('ab')).toEqual(['ab', 'ab%', 'abc', 'ab😀'])
    expect(await found('ab%')).toEqual(['ab%'])
    expect(await found('A')).toEqual(['Abc'])
    for (const text of hostileTexts) expect(await found(text)).toEqual([])
  })

  test('JSON goes through text', async () => {
    const { db, tag } = at()
    const value = { a: [1, null, 'é😀'], b: { c: true } }
    await db.commit([db.build.insertInto('film').values({ ...row(tag), extra: toJson(value) })])
    const { extra } = await db.primary.selectFrom('film').select('extra').where('id', '=', tag).executeTakeFirstOrThrow()
    expect(fromJson(extra, {})).toEqual(value)
    expect(fromJson(null, [])).toEqual([])
  })
}

function paging(at: At): void {
  test.each([
    ['asc', 'asc'],
    ['desc', 'desc'],
    ['desc', 'asc'],
  ] as const)('pages in order (%s, %s) hold every row once, whatever is added behind', async (first, second) => {
    const { db, tag } = at()
    const films = Array.from({ length: 23 }, (_, index) => ({ ...row(newId()), extra: tag, made_ms: index % 5 }))
    await db.commit(films.map((film) => db.build.insertInto('film').values(film)))
    const seen: string[] = []
    let after: Value[] | undefined
    do {
      const query = keyset(db.primary.selectFrom('film').select(['id', 'made_ms']).where('extra', '=', tag), {
        by: [
          ['made_ms', first],
          ['film.id', second],
        ],
        after,
        limit: 4,
      })
      const page = pageOf(await query.execute(), 4, ({ id, made_ms }) => [made_ms, id])
      expect(page.items.length).toBeLessThanOrEqual(4)
      seen.push(...page.items.map(({ id }) => id))
      after = page.next
    } while (after)
    const sign = (direction: 'asc' | 'desc') => (direction === 'asc' ? 1 : -1)
    const expected = films
      .toSorted((a, b) => sign(first) * (a.made_ms - b.made_ms) || sign(second) * (a.id < b.id ? -1 : 1))
      .map(({ id }) => id)
    expect(seen).toEqual(expected)
  })

  test('a cursor of another shape is refused', () => {
    const { db } = at()
    expect(() => keyset(db.build.selectFrom('film').select('id'), { by: [['id', 'asc']], after: [1, 2], limit: 1 })).toThrow(TypeError)
  })
}

const row = (id: string) => ({ id, title: `title ${id}`, views: 0, is_open: 1, made_ms: 0 }) as TestTables['film']

async function viewsOf(db: Db, film: string): Promise<number> {
  return (await db.primary.selectFrom('film').select('views').where('id', '=', film).executeTakeFirstOrThrow()).views
}
