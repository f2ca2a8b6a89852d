import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openMysqlDatabase } from '#server/adapters/database/mysql/mysql-database.ts'
import { openMysqlMigrations } from '#server/adapters/database/mysql/mysql-migrations.ts'
import { appendEvent } from '#server/database/append-event.ts'
import type { OpenDatabase } from '#server/database/database.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import { modelOf } from '#server/database/migrations/migration.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { noted } from '#server/testing/club-messages.ts'
import { describeWith } from '#server/testing/grounds.ts'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { type MariadbPart, openMariadb } from '#server/testing/parts/mariadb.ts'
import { openRows, type Rows } from '#server/testing/rows.ts'
import { eventLogContract } from './events.contract.ts'
import { createEvents } from './index.ts'

describe('SQLite', () => {
  let rows: Rows
  beforeAll(async () => {
    rows = await openRows()
  })
  afterAll(() => rows[Symbol.asyncDispose]())
  eventLogContract('SQLite', () => rows.db)

  test('a log beyond five thousand entries loses its oldest', async () => {
    const { db } = rows
    const clock = createHeldClock()
    const events = createEvents({ db: db.pick(), clock })
    const append = appendEvent(db.dialect, { to: ['long'], message: noted, body: { what: 1 }, nowMs: clock.now() })
    for (let n = 0; n < 51; n++) await db.commit(Array.from({ length: 100 }, () => append).flat())
    await events.sweep(new AbortController().signal)
    expect((await events.log.after('long', 0, 1)).map(({ seq }) => seq)).toEqual([101])
    expect((await events.log.heads(['long'])).get('long')).toBe(5100)
  })
})

describeWith('mariadb')('MariaDB', () => {
  let mariadb: MariadbPart
  let db: OpenDatabase
  beforeAll(async () => {
    mariadb = await openMariadb()
    await using engine = await openMysqlMigrations(mariadb.url)
    await migrate(engine, { migrations })
    db = await openMysqlDatabase({
      url: mariadb.url,
      replicas: [],
      connections: 10,
      maxLagMs: () => 2000,
      log: createCapturedLog(),
      model: () => modelOf(migrations),
    })
  })
  afterAll(async () => {
    await db.close()
    await mariadb[Symbol.asyncDispose]()
  })
  eventLogContract('MariaDB', () => db)
})
