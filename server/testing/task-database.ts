import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteDatabase } from '#server/adapters/database/sqlite/sqlite-database.ts'
import { openSqliteMigrations } from '#server/adapters/database/sqlite/sqlite-migrations.ts'
import type { OpenDatabase } from '#server/database/database.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { migrate } from '#server/database/migrations/migrate.ts'

export type TaskDatabase = AsyncDisposable & { readonly path: string; readonly db: OpenDatabase }

/** A SQLite file with all tables, gone afterwards. */
export async function openTaskDatabase(): Promise<TaskDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-tasks-'))
  const path = join(folder, 'matinee.db')
  {
    using engine = openSqliteMigrations(path)
    await migrate(engine, { migrations })
  }
  const db = openSqliteDatabase({ path })
  return {
    path,
    db,
    async [Symbol.asyncDispose]() {
      await db.close()
      rmSync(folder, { recursive: true })
    },
  }
}
