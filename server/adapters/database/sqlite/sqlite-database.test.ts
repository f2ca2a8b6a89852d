import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { OpenDatabase } from '#server/database/database.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import { type TestTables, testMigrations } from '#server/testing/test-tables.ts'
import { databaseContract } from '../database.contract.ts'
import { portableContract } from '../portable.contract.ts'
import { valuesContract } from '../values.contract.ts'
import { openSqliteDatabase } from './sqlite-database.ts'
import { openSqliteMigrations } from './sqlite-migrations.ts'

const folder = mkdtempSync(join(tmpdir(), 'matinee-sqlite-'))
const path = join(folder, 'matinee.db')
let db: OpenDatabase<TestTables>

beforeAll(async () => {
  using engine = openSqliteMigrations(path)
  await migrate(engine, { migrations: testMigrations })
  db = openSqliteDatabase({ path }) as unknown as OpenDatabase<TestTables>
})

afterAll(async () => {
  await db.close()
  rmSync(folder, { recursive: true })
})

databaseContract('SQLite', () => db)
valuesContract('SQLite', () => db)
portableContract('SQLite', () => db)
