import { afterAll, beforeAll, describe } from 'vitest'
import { openMysqlDatabase } from '#server/adapters/database/mysql/mysql-database.ts'
import { openMysqlMigrations } from '#server/adapters/database/mysql/mysql-migrations.ts'
import type { OpenDatabase } from '#server/database/database.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import { modelOf } from '#server/database/migrations/migration.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { describeWith } from '#server/testing/grounds.ts'
import { type MariadbPart, openMariadb } from '#server/testing/parts/mariadb.ts'
import { openRows, type Rows } from '#server/testing/rows.ts'
import { videosContract } from './videos.contract.ts'

describe('SQLite', () => {
  let rows: Rows
  beforeAll(async () => {
    rows = await openRows()
  })
  afterAll(() => rows[Symbol.asyncDispose]())
  videosContract('SQLite', () => rows.db)
})

describeWith('mariadb')('MariaDB', () => {
  let mariadb: MariadbPart
  let db: OpenDatabase
  beforeAll(async () => {
    mariadb = await openMariadb()
    await using engine = await openMysqlMigrations(mariadb.url)
    await migrate(engine, { migrations })
    const log = createCapturedLog()
    const url = mariadb.url
    db = await openMysqlDatabase({ url, replicas: [], connections: 10, maxLagMs: () => 2000, log, model: () => modelOf(migrations) })
  })
  afterAll(async () => {
    await db.close()
    await mariadb[Symbol.asyncDispose]()
  })
  videosContract('MariaDB', () => db)
})
