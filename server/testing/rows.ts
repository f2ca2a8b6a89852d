import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteDatabase } from '#server/adapters/database/sqlite/sqlite-database.ts'
import { openSqliteMigrations } from '#server/adapters/database/sqlite/sqlite-migrations.ts'
import type { Database } from '#server/database/database.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { migrate } from '#server/database/migrations/migrate.ts'

export type Rows = AsyncDisposable & {
  db: Database
  /** Another opening of the same rows, as by another process. */
  again(): Database
}

/** An empty SQLite with every table, in a folder of its own: for services that need rows and nothing else. */
export async function openRows(): Promise<Rows> {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-rows-'))
  const path = join(folder, 'matinee.db')
  writeFileSync(path, await (template ??= makeTemplate()))
  const opened = [openSqliteDatabase({ path })]
  const [first] = opened
  if (!first) throw new Error('no database')
  return {
    db: first,
    again() {
      const other = openSqliteDatabase({ path })
      opened.push(other)
      return other
    },
    async [Symbol.asyncDispose]() {
      for (const db of opened.reverse()) await db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

let template: Promise<Uint8Array> | undefined

/** The tables are made once in each process of tests, then copied. */
async function makeTemplate(): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-rows-'))
  const path = join(folder, 'matinee.db')
  try {
    {
      using engine = openSqliteMigrations(path)
      await migrate(engine, { migrations })
    }
    return readFileSync(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
