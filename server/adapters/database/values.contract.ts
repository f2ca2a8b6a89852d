import { beforeEach, describe, expect, test } from 'vitest'
import type { OpenDatabase } from '#server/database/database.ts'
import { Duplicate } from '#server/database/errors.ts'
import { newId } from '#server/lib/id.ts'
import { hostileTexts } from '#server/testing/hostile-texts.ts'
import type { TestTables } from '#server/testing/test-tables.ts'

type Db = OpenDatabase<TestTables>

/** What goes in comes out, and is found by it. */
export function valuesContract(name: string, open: () => Db): void {
  describe(`${name}: values`, () => {
    let db: Db
    beforeEach(() => {
      db = open()
    })
    values(() => db)
  })
}

function values(at: () => Db): void {
  test('numbers come back as they went: to the edges of what JavaScript counts exactly', async () => {
    const db = at()
    for (const number of [0, -1, 1_763_715_359_000, 2 ** 31, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      const film = await added(db, { made_ms: number })
      const found = await db.primary.selectFrom('film').select('made_ms').where('made_ms', '=', number).where('id', '=', film).execute()
      expect(found).toMatchObject([{ made_ms: number }])
    }
  })

  test('sums, counts and means are numbers', async () => {
    const db = at()
    const holder = newId()
    const films = [await added(db, { about: holder, views: 3, rating: 1.5 }), await added(db, { about: holder, views: 4, rating: 2 })]
    const sums = await db.primary
      .selectFrom('film')
      .select((eb) => [
        eb.fn.sum<number>('views').as('sum'),
        eb.fn.countAll<number>().as('count'),
        eb.fn.avg<number>('rating').as('mean'),
        eb.fn.max('views').as('most'),
      ])
      .where('id', 'in', films)
      .executeTakeFirstOrThrow()
    expect({ ...sums }).toEqual({ sum: 7, count: 2, mean: 1.75, most: 4 })
  })

  test('bytes come back as they went', async () => {
    const db = at()
    const poster = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256)
    const film = await added(db, { poster })
    const found = await db.primary.selectFrom('film').select('poster').where('id', '=', film).executeTakeFirstOrThrow()
    expect(Buffer.from(found.poster ?? []).equals(poster)).toBe(true)
  })

  test('null stays null, an empty text an empty text', async () => {
    const db = at()
    const film = await added(db, { about: '', extra: null })
    const found = await db.primary.selectFrom('film').select(['about', 'extra', 'rating']).where('id', '=', film).executeTakeFirstOrThrow()
    expect({ ...found }).toEqual({ about: '', extra: null, rating: null })
  })

  test('JSON is text, and stays it', async () => {
    const db = at()
    const film = await added(db, { extra: '{"a":[1,"é"]}' })
    const found = await db.primary.selectFrom('film').select('extra').where('id', '=', film).executeTakeFirstOrThrow()
    expect(found.extra).toBe('{"a":[1,"é"]}')
  })

  test('every emoji is its own, upper case is not lower case, an accent counts', async () => {
    const db = at()
    const tag = newId()
    const words = ['😀', '😁', '🎬', 'e', 'E', 'é', '电影', '電影', 'ß', 'ss']
    await db.commit(words.map((word) => insertFilm(db, { ...row(newId()), title: `${tag}${word}` })))
    for (const word of words) {
      const found = await db.primary.selectFrom('film').select('title').where('title', '=', `${tag}${word}`).execute()
      expect(found.map(({ title }) => title)).toEqual([`${tag}${word}`])
    }
  })

  test('trailing spaces are kept, and do not count when a key is compared', async () => {
    const db = at()
    const film = await added(db, { title: `${newId()}  ` })
    const { title } = await db.primary.selectFrom('film').select('title').where('id', '=', film).executeTakeFirstOrThrow()
    expect(title.endsWith('  ')).toBe(true)
    expect(await db.primary.selectFrom('film').select('id').where('title', '=', title.trimEnd()).execute()).toHaveLength(1)
    await expect(db.commit([insertFilm(db, { ...row(newId()), title: title.trimEnd() })])).rejects.toThrow(Duplicate)
  })

  test('a text that is too long is refused, not cut', async () => {
    const db = at()
    await expect(added(db, { title: 'x'.repeat(201) })).rejects.toThrow()
    await added(db, { title: `${newId()}${'😀'.repeat(180)}` })
  })

  test('a flag is 0 or 1', async () => {
    await expect(added(at(), { is_open: 2 })).rejects.toThrow()
  })

  test('hostile texts are values and nothing else, wherever a value may stand', async () => {
    const db = at()
    const count = async () =>
      Number(
        (
          await db.primary
            .selectFrom('film')
            .select((eb) => eb.fn.countAll().as('n'))
            .executeTakeFirstOrThrow()
        ).n,
      )
    const found = db.prepareRead((from, value: { text: string }) =>
      from.selectFrom('film').select('id').where('about', '=', value.text).where('id', '=', value.text),
    )
    const film = await added(db, { views: 5 })
    const before = await count()
    for (const text of hostileTexts) {
      expect(await found({ text }), text).toEqual([])
      expect(
        await db.primary
          .selectFrom('film')
          .select('id')
          .where('id', 'in', [text, `${text}x`])
          .execute(),
      ).toEqual([])
      expect(await db.commit([db.build.deleteFrom('film').where('id', '=', text)])).toEqual([{ rows: 0 }])
      await db.commit([{ query: db.build.updateTable('film').set({ about: text }).where('id', '=', film), rows: 1 }])
      const { about } = await db.primary.selectFrom('film').select('about').where('id', '=', film).executeTakeFirstOrThrow()
      expect(about).toBe(text)
    }
    expect(await count()).toBe(before)
    const { views } = await db.primary.selectFrom('film').select('views').where('id', '=', film).executeTakeFirstOrThrow()
    expect(views).toBe(5)
  })
}

const row = (id: string) => ({ id, title: `title ${id}`, views: 0, is_open: 1, made_ms: 0 }) as TestTables['film']

async function added(db: Db, values: Partial<TestTables['film']> = {}): Promise<string> {
  const id = newId()
  await db.commit([insertFilm(db, { ...row(id), ...values })])
  return id
}

const insertFilm = (db: Db, values: TestTables['film']) => db.build.insertInto('film').values(values)
