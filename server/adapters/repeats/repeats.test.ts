import { afterAll, beforeAll } from 'vitest'
import { openMysqlDatabase } from '#server/adapters/database/mysql/mysql-database.ts'
import { openMysqlMigrations } from '#server/adapters/database/mysql/mysql-migrations.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { describeWith } from '#server/testing/grounds.ts'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { type MariadbPart, openMariadb } from '#server/testing/parts/mariadb.ts'
import { openRows } from '#server/testing/rows.ts'
import { createMemoryRepeats } from './memory-repeats.ts'
import { repeatsContract } from './repeats.contract.ts'
import { createSqlRepeats } from './sql-repeats.ts'

repeatsContract('repeats in memory', async () => {
  const clock = createHeldClock()
  const repeats = createMemoryRepeats({ clock })
  return { here: repeats, there: repeats, passes: (ms) => clock.jump(ms), [Symbol.asyncDispose]: async () => {} }
})

repeatsContract('repeats on SQLite', async () => {
  const clock = createHeldClock()
  const rows = await openRows()
  const here = createSqlRepeats({ db: rows.db.pick(), clock })
  const there = createSqlRepeats({ db: rows.again().pick(), clock })
  return { here, there, passes: (ms) => clock.jump(ms), [Symbol.asyncDispose]: () => rows[Symbol.asyncDispose]() }
})

describeWith('mariadb')('on MariaDB', () => {
  let mariadb: MariadbPart
  beforeAll(async () => {
    mariadb = await openMariadb()
    await using engine = await openMysqlMigrations(mariadb.url)
    await migrate(engine, { migrations })
  })
  afterAll(() => mariadb[Symbol.asyncDispose]())

  repeatsContract('repeats on MariaDB', async () => {
    const clock = createHeldClock()
    const open = () => openMysqlDatabase({ url: mariadb.url, replicas: [], connections: 5, maxLagMs: () => 1000, log: createCapturedLog() })
    const [one, other] = [await open(), await open()]
    await one.commit([one.build.deleteFrom('repeated_call')])
    return {
      here: createSqlRepeats({ db: one.pick(), clock }),
      there: createSqlRepeats({ db: other.pick(), clock }),
      passes: (ms) => clock.jump(ms),
      async [Symbol.asyncDispose]() {
        await one.close()
        await other.close()
      },
    }
  })
})
