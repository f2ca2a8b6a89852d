import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { openSqliteMigrations } from '#server/adapters/database/sqlite/sqlite-migrations.ts'
import { NewerSchema, SchemaChanged } from '../errors.ts'
import { flag, id, int, json, ms, text } from '../schema/column.ts'
import { addColumn, addIndex, createTable, dropColumn, dropIndex, dropTable, raw, run, type Step } from '../schema/step.ts'
import { migrations } from './index.ts'
import { type MigrationEngine, migrate } from './migrate.ts'
import type { Migration } from './migration.ts'

class Stop extends Error {}

describe('migrations', () => {
  test('make every table on an empty database, and find nothing to do the second time', async () => {
    using file = newFile()
    expect((await migrated(file.path, migrations)).ran).toEqual(migrations.map(({ name }) => name))
    expect(await migrated(file.path, migrations)).toEqual({ ran: [], backup: undefined })
  })

  test('ended before any statement, they continue there, and every row is changed once', async () => {
    using whole = newFile()
    await migrated(whole.path, club)
    const expected = contents(whole.path)
    expect(expected).toContain('"n":6')
    for (let at = 0, ended = true; ended; at++) {
      using file = newFile()
      ended = await endedAt(file.path, at)
      await migrated(file.path, club)
      expect(contents(file.path), `ended before statement ${at}`).toEqual(expected)
      if (!ended) expect(at).toBeGreaterThan(9)
    }
  })

  test('started by several at once, run once', async () => {
    using file = newFile()
    const reports = await Promise.all(Array.from({ length: 4 }, () => migrated(file.path, club)))
    expect(reports.flatMap((report) => report.ran)).toEqual(club.map(({ name }) => name))
  })

  test('copy the database aside before they change one that is in use, and not an empty one', async () => {
    using file = newFile()
    expect((await migrated(file.path, club.slice(0, 1))).backup).toBeUndefined()
    const { backup } = await migrated(file.path, club)
    expect(existsSync(backup ?? '')).toBe(true)
    expect(contents(backup ?? '')).toContain('0001-first')
    expect(contents(backup ?? '')).not.toContain('0002-second')
  })

  test('refuse a database that a newer program has changed', async () => {
    using file = newFile()
    await migrated(file.path, club)
    await expect(migrated(file.path, club.slice(0, 1))).rejects.toThrow(NewerSchema)
  })

  test('refuse to go on when one that ran was edited afterwards', async () => {
    using file = newFile()
    await migrated(file.path, club)
    const edited = club.map((migration) =>
      migration.name === '0001-first' ? { ...migration, steps: migration.steps.slice(1) } : migration,
    )
    await expect(migrated(file.path, edited)).rejects.toThrow(SchemaChanged)
  })

  test('leave the tables as they were when a data step fails', async () => {
    using file = newFile()
    const failing = run('fails', async (on) => {
      await on.run(`insert into film values ('b', 'x', 1, 1, 1)`)
      throw new Stop()
    })
    await expect(migrated(file.path, [...club, { name: '0003-bad', steps: [failing] }])).rejects.toThrow(Stop)
    expect(contents(file.path)).not.toContain('"id":"b"')
  })
})

describe('the schema tool refuses what one ground could not keep:', () => {
  const cases: [string, Step[]][] = [
    ['upper case', [createTable('Film', { id: id() }, { primaryKey: ['id'] })]],
    ['a moment without its ending', [createTable('film', { id: id(), born: ms() }, { primaryKey: ['id'] })]],
    ['an index on JSON', [createTable('film', { id: id(), extra: json() }, { primaryKey: ['id'], indexes: [['extra']] })]],
    ['an index that is too long', [createTable('film', { id: id(), title: text(800) }, { primaryKey: ['id'], unique: [['title']] })]],
    ['a default on a long column', [createTable('film', { id: id(), extra: json().default('x') }, { primaryKey: ['id'] })]],
    [
      'a reference that no index begins with',
      [createTable('film', { id: id(), next: id().references('film.id', 'cascade') }, { primaryKey: ['id'] })],
    ],
    ['a required column for rows that lack it', [createTable('film', { id: id() }, { primaryKey: ['id'] }), addColumn('film', 'n', int())]],
    [
      'dropping a column that an index needs',
      [createTable('film', { id: id(), n: int() }, { primaryKey: ['id'], indexes: [['n']] }), dropColumn('film', 'n')],
    ],
    ['a table that is not there', [addIndex('film', 'n')]],
  ]
  test.each(cases)('%s', async (_, steps) => {
    using file = newFile()
    await expect(migrated(file.path, [{ name: '0001-bad', steps }])).rejects.toThrow(TypeError)
  })
})

const club: Migration[] = [
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
      raw('full text', { sqlite: ['create virtual table words using fts5(word)'], mysql: [] }),
      dropTable('old'),
    ],
  },
]

function newFile(): { path: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-migrate-'))
  return { path: join(folder, 'matinee.db'), [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

async function migrated(path: string, list: readonly Migration[]) {
  using engine = openSqliteMigrations(path)
  return await migrate(engine, { migrations: list })
}

/** False when it came to its end before that statement. */
async function endedAt(path: string, at: number): Promise<boolean> {
  using engine: MigrationEngine & Disposable = openSqliteMigrations(path)
  let count = 0
  const beforeStatement = () => {
    if (count++ === at) throw new Stop()
  }
  return await migrate(engine, { migrations: club, beforeStatement }).then(
    () => false,
    (error: unknown) => {
      if (error instanceof Stop) return true
      throw error
    },
  )
}

function contents(path: string): string {
  using db = new DatabaseSync(path)
  const queries = ['select type, name, sql from sqlite_schema order by name', 'select * from film', 'select name from migration']
  return JSON.stringify(queries.map((sql) => db.prepare(sql).all()))
}
