import { describe, expect, test } from 'vitest'
import { NewerSchema, SchemaChanged } from '#server/database/errors.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { type MigrationEngine, migrate } from '#server/database/migrations/migrate.ts'
import type { Migration } from '#server/database/migrations/migration.ts'
import { flag, id, int, ms, text } from '#server/database/schema/column.ts'
import { addColumn, addIndex, addUnique, createTable, dropColumn, dropIndex, dropTable, raw, run } from '#server/database/schema/step.ts'

/** A database of its own, empty at first. */
export type MigrationGround = AsyncDisposable & {
  open(): Promise<MigrationEngine & AsyncDisposable>
  /** Everything: tables, columns, indexes and rows, but for the moments of migrating. */
  contents(): Promise<string>
}

class Stop extends Error {}

export function migrationsContract(name: string, newGround: () => Promise<MigrationGround>): void {
  describe(`${name}: migrations`, () => {
    test('make every table on an empty database, and find nothing to do the second time', async () => {
      await using ground = await newGround()
      expect((await migrated(ground, migrations)).ran).toEqual(migrations.map((each) => each.name))
      expect(await migrated(ground, migrations)).toEqual({ ran: [], backup: undefined, isNew: false })
    })

    test('[F19] ended before or after any statement, they continue there, and every row is changed once', async () => {
      await using whole = await newGround()
      await migrated(whole, club)
      const expected = await whole.contents()
      expect(expected).toContain('"n":6')
      for (let at = 0, ended = true; ended; at++) {
        await using ground = await newGround()
        ended = await endedAt(ground, at)
        await migrated(ground, club)
        expect((await ground.contents()) === expected, `ended at ${at}`).toBe(true)
        if (!ended) expect(at).toBeGreaterThan(20)
      }
    })

    test('started by several at once, run once', async () => {
      await using ground = await newGround()
      const reports = await Promise.all(Array.from({ length: 4 }, () => migrated(ground, club)))
      expect(reports.flatMap((report) => report.ran)).toEqual(club.map((each) => each.name))
    })

    test('refuse a database that a newer program has changed', async () => {
      await using ground = await newGround()
      await migrated(ground, club)
      await expect(migrated(ground, club.slice(0, 1))).rejects.toThrow(NewerSchema)
    })

    test('refuse to go on when one that ran was edited afterwards', async () => {
      await using ground = await newGround()
      await migrated(ground, club)
      const edited = club.map((each) => (each.name === '0001-first' ? { ...each, steps: each.steps.slice(1) } : each))
      await expect(migrated(ground, edited)).rejects.toThrow(SchemaChanged)
    })

    test('take no table for their own that stood before', async () => {
      await using ground = await newGround()
      await migrated(ground, [{ name: '0000-other', steps: [createTable('film', { id: id() }, { primaryKey: ['id'] })] }])
      const list: Migration[] = [{ name: '0000-other', steps: [] }, ...club]
      await expect(migrated(ground, list)).rejects.toThrow()
    })

    test('undo a data step that fails, and go on from there', async () => {
      await using ground = await newGround()
      let isBad = true
      const step = run('fails once', async (on) => {
        await on.run(`insert into film values ('b', 'x', 1, 1, 1)`)
        if (isBad) throw new Stop()
        return undefined
      })
      const list = [...club, { name: '0003-third', steps: [step] }]
      await expect(migrated(ground, list)).rejects.toThrow(Stop)
      expect(await ground.contents()).not.toContain('"id":"b"')
      isBad = false
      expect((await migrated(ground, list)).ran).toEqual(['0003-third'])
      expect(await ground.contents()).toContain('"id":"b"')
    })
  })
}

async function migrated(ground: MigrationGround, list: readonly Migration[]) {
  await using engine = await ground.open()
  return await migrate(engine, { migrations: list })
}

/** False when it came to its end before. */
async function endedAt(ground: MigrationGround, at: number): Promise<boolean> {
  await using engine = await ground.open()
  let count = 0
  const pause = () => {
    if (count++ === at) throw new Stop()
  }
  return await migrate(engine, { migrations: club, pause }).then(
    () => false,
    (error: unknown) => {
      if (error instanceof Stop) return true
      throw error
    },
  )
}

export const club: Migration[] = [
  {
    name: '0001-first',
    steps: [
      createTable(
        'film',
        { id: id(), title: text(200), is_open: flag().default(1), made_ms: ms() },
        { primaryKey: ['id'], indexes: [['made_ms', 'id'], ['title']] },
      ),
      createTable('old', { id: id() }, { primaryKey: ['id'], clustered: true }),
      run('a film', async (on) => {
        await on.run(`insert into film (id, title, made_ms) values ('a', 'x', 5)`)
        return undefined
      }),
    ],
  },
  {
    name: '0002-second',
    steps: [
      addColumn('film', 'n', int().default(0)),
      addIndex('film', 'n'),
      run('count up in three batches', async (on, place = '1') => {
        await on.run('update film set n = n + ?', [Number(place)])
        return place === '3' ? undefined : String(Number(place) + 1)
      }),
      dropIndex('film', 'title'),
      raw('full text', {
        sqlite: ['create virtual table words using fts5(word)'],
        mysql: ['alter table film add key film_words (title)', 'create table words (word varchar(20))'],
      }),
      addColumn('film', 'gone', int().null()),
      addUnique('film', 'gone', 'title'),
      dropIndex('film', 'gone', 'title'),
      dropColumn('film', 'gone'),
      dropTable('old'),
    ],
  },
]
