import { afterAll, beforeAll } from 'vitest'
import type { OpenDatabase } from '#server/database/database.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { modelOf } from '#server/database/migrations/migration.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { describeWith } from '#server/testing/grounds.ts'
import { type MariadbPart, openMariadb } from '#server/testing/parts/mariadb.ts'
import { type TestTables, testMigrations } from '#server/testing/test-tables.ts'
import { databaseContract } from '../database.contract.ts'
import { portableContract } from '../portable.contract.ts'
import { valuesContract } from '../values.contract.ts'
import { openMysqlDatabase } from './mysql-database.ts'
import { openMysqlMigrations } from './mysql-migrations.ts'

describeWith('mariadb')('MariaDB with a replica', () => {
  let mariadb: MariadbPart
  let db: OpenDatabase<TestTables>

  beforeAll(async () => {
    mariadb = await openMariadb({ replicas: 1 })
    await using engine = await openMysqlMigrations(mariadb.url)
    await migrate(engine, { migrations: [...migrations.slice(0, 1), ...testMigrations] })
    const opened = await openMysqlDatabase({
      url: mariadb.url,
      replicas: mariadb.replicas.map(({ url }) => url),
      connections: 10,
      maxLagMs: () => 2000,
      log: createCapturedLog(),
      model: () => modelOf(testMigrations),
    })
    db = opened as unknown as OpenDatabase<TestTables>
  })

  afterAll(async () => {
    await db.close()
    await mariadb[Symbol.asyncDispose]()
  })

  databaseContract('MariaDB', () => db)
  valuesContract('MariaDB', () => db)
  portableContract('MariaDB', () => db)
})
