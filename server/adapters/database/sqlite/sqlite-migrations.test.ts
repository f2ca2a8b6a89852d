import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { migrate } from '#server/database/migrations/migrate.ts'
import type { Migration } from '#server/database/migrations/migration.ts'
import { isLong } from '#server/testing/grounds.ts'
import { club, migrationsContract } from '../migrations.contract.ts'
import { openSqliteMigrations } from './sqlite-migrations.ts'

migrationsContract('SQLite', async () => {
  const file = newFile()
  return {
    async open() {
      const engine = openSqliteMigrations(file.path)
      return { ...engine, [Symbol.asyncDispose]: async () => engine[Symbol.dispose]() }
    },
    contents: async () => contents(file.path),
    [Symbol.asyncDispose]: async () => file[Symbol.dispose](),
  }
})

describe('SQLite: migrations, besides', () => {
  test('copy the database aside before they change one that is in use, and not an empty one', async () => {
    using file = newFile()
    expect((await migrated(file.path, club.slice(0, 1))).backup).toBeUndefined()
    const { backup } = await migrated(file.path, club)
    // As the file itself, it is for its owner alone.
    expect(statSync(backup ?? '').mode & 0o777).toBe(0o600)
    expect(contents(backup ?? '')).toContain('0001-first')
    expect(contents(backup ?? '')).not.toContain('0002-second')
  })

  test('[F19] killed at any statement of any migration, the next start completes them', () => {
    using whole = newFile()
    expect(child(whole.path, -1)).toBe('whole')
    const expected = shape(whole.path)
    const step = isLong ? 1 : 47
    for (let at = 0, how = 'killed'; how === 'killed'; at += step) {
      using file = newFile()
      how = child(file.path, at)
      expect(child(file.path, -1)).toBe('whole')
      expect(shape(file.path) === expected, `killed at ${at}`).toBe(true)
    }
  }, 600_000)
})

async function migrated(path: string, list: readonly Migration[]) {
  using engine = openSqliteMigrations(path)
  return await migrate(engine, { migrations: list })
}

/** Migrates in a process of its own that kills itself on its way. */
function child(path: string, at: number): string {
  const { status, signal, stderr } = spawnSync(process.execPath, [
    fileURLToPath(import.meta.resolve('#server/testing/children/migrate-and-die.ts')),
    path,
    String(at),
  ])
  if (signal === 'SIGKILL') return 'killed'
  return status === 0 ? 'whole' : String(stderr)
}

function newFile(): { path: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-migrate-'))
  return { path: join(folder, 'matinee.db'), [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

/** Tables, rows, and how far the migrations are. */
function contents(path: string): string {
  using db = new DatabaseSync(path)
  const rows = tablesOf(db).map((name) => [name, db.prepare(`select * from "${name}"`).all()])
  return JSON.stringify([schemaOf(db), rows])
}

/** The same without what differs by chance and time. */
function shape(path: string): string {
  using db = new DatabaseSync(path)
  expect(db.prepare('pragma integrity_check').get()?.integrity_check).toBe('ok')
  const counts = tablesOf(db).map((name) => [name, db.prepare(`select count(*) as n from "${name}"`).get()])
  return JSON.stringify([schemaOf(db), counts])
}

function schemaOf(db: DatabaseSync) {
  const objects = db.prepare('select type, name, sql from sqlite_schema order by name').all()
  return [objects, db.prepare('select name, step, begun, fingerprint from migration order by name').all()]
}

function tablesOf(db: DatabaseSync): string[] {
  const tables = db.prepare(
    `select name from sqlite_schema where type = 'table' and name <> 'migration' and name not like 'words%' order by name`,
  )
  return tables.all().map(({ name }) => String(name))
}
