import type { OpenDatabase } from '#server/database/database.ts'
import { newId } from '#server/lib/id.ts'
import type { TestTables } from '#server/testing/test-tables.ts'
import { openSqliteDatabase } from '#server/adapters/database/sqlite/sqlite-database.ts'

// node commit-and-die.ts PATH TAG MS: says each film that was acknowledged, until it is killed or its time is over.
const [path = '', tag = '', ms = '60000'] = process.argv.slice(2)
const db = openSqliteDatabase({ path }) as unknown as OpenDatabase<TestTables>
const endMs = performance.now() + Number(ms)
await Promise.all(
  Array.from({ length: 32 }, async (_, index) => {
    while (performance.now() < endMs) {
      const id = newId()
      const film = { id, title: id, extra: tag, views: 0, is_open: 1, made_ms: 0 } as TestTables['film']
      if (index % 4 === 0) await db.transaction((trx) => trx.insertInto('film').values(film).execute())
      else await db.commit([db.build.insertInto('film').values(film)])
      process.stdout.write(`${id}\n`)
    }
  }),
)
await db.close()
