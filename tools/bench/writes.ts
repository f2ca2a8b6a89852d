import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { openFile } from '../../server/adapters/database/sqlite/file.ts'
import { openSqliteDatabase } from '../../server/adapters/database/sqlite/sqlite-database.ts'
import { openSqliteMigrations } from '../../server/adapters/database/sqlite/sqlite-migrations.ts'
import type { OpenDatabase } from '../../server/database/database.ts'
import { migrate } from '../../server/database/migrations/migrate.ts'
import { newId } from '../../server/lib/id.ts'
import { type TestTables, testMigrations } from '../../server/testing/test-tables.ts'
import { alternate, type Bench, row, spreadOf } from './frame.ts'

const writers = 64

/**
 * The peer is the fastest way to sync each commit that we know: the same library and pragmas, on the program's own thread, a prepared
 * statement, nothing in between. It pays for no message between threads; ours does.
 */
export const bench: Bench = {
  name: 'writes',
  about: `${writers} writers on SQLite, each waiting for its durable commit, against one sync a commit`,
  async run({ short, folder, say }) {
    const ms = short ? 200 : 2500
    const delays: number[] = []
    const waits: number[] = []
    const commits = await alternate({
      ours: async () => {
        const run = await measured(folder, ms, preparedWriters)
        delays.push(run.loopP99Ms)
        waits.push(run.waitP99Ms)
        return run.perSecond
      },
      peer: async () => (await measured(folder, ms, syncEach)).perSecond,
    })
    say(`commits a second: ours ${figure(commits.ours)}, one sync each ${figure(commits.peer)}`)
    const interactive = await alternate({
      ours: async () => {
        const run = await measured(folder, ms, interactiveWriters)
        delays.push(run.loopP99Ms)
        return run.perSecond
      },
      peer: async () => (await measured(folder, ms, syncEach)).perSecond,
    })
    say(`interactive transactions a second: ours ${figure(interactive.ours)}`)
    return [
      row('commits per second over one sync a commit', commits.ratio, { atLeast: 5 }, { unit: '×' }),
      row('event loop delay meanwhile, p99', spreadOf(delays), { atMost: 20 }, { unit: 'ms' }),
      row('wait of a writer, p99', spreadOf(waits), { atMost: 20 }, { unit: 'ms' }),
      row('the same, interactive (two messages each)', interactive.ratio, { atLeast: 1 }, { unit: '×', note: 'no figure was asked' }),
    ]
  },
}

type Write = (id: string) => Promise<void>
type Contender = (path: string) => Promise<{ write: Write; close(): Promise<void> }>
type Run = { perSecond: number; loopP99Ms: number; waitP99Ms: number }

async function measured(folder: string, ms: number, contender: Contender): Promise<Run> {
  const path = join(folder, `${randomBytes(6).toString('hex')}.db`)
  {
    using engine = openSqliteMigrations(path)
    await migrate(engine, { migrations: testMigrations })
  }
  const { write, close } = await contender(path)
  await write(newId()) // the thread has started
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const waits: number[] = []
  delay.enable()
  const startMs = performance.now()
  const acknowledged = await Promise.all(Array.from({ length: writers }, () => writeUntil(startMs + ms, write, waits)))
  const seconds = (performance.now() - startMs) / 1000
  delay.disable()
  await close()
  const count = acknowledged.flat().length
  proveAll(path, acknowledged.flat())
  return {
    perSecond: count / seconds,
    loopP99Ms: delay.percentile(99) / 1e6,
    waitP99Ms: waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? 0,
  }
}

async function writeUntil(endMs: number, write: Write, waits: number[]): Promise<string[]> {
  const ids: string[] = []
  for (let nowMs = performance.now(); nowMs < endMs; ) {
    const id = newId()
    await write(id)
    ids.push(id)
    const afterMs = performance.now()
    waits.push(afterMs - nowMs)
    nowMs = afterMs
  }
  return ids
}

/** Figures of writes that are not there count for nothing. */
function proveAll(path: string, ids: readonly string[]): void {
  using db = new DatabaseSync(path)
  const stored = new Set(
    db
      .prepare('select film_id from seat')
      .all()
      .map(({ film_id }) => film_id),
  )
  const lost = ids.filter((id) => !stored.has(id)).length
  const check = db.prepare('pragma integrity_check').get()?.integrity_check
  if (lost > 0 || stored.size !== ids.length + 1 || check !== 'ok')
    throw new Error(`${lost} of ${ids.length} acknowledged rows are missing; ${String(check)}`)
}

const preparedWriters: Contender = async (path) => {
  const db = openSqliteDatabase({ path }) as unknown as OpenDatabase<TestTables>
  const insert = db.prepareWrite((to, value: { id: string }) =>
    to.insertInto('seat').values({ film_id: value.id, number: 1, holder: null }),
  )
  return {
    async write(id) {
      await db.commit([insert({ id })])
    },
    close: () => db.close(),
  }
}

const interactiveWriters: Contender = async (path) => {
  const db = openSqliteDatabase({ path }) as unknown as OpenDatabase<TestTables>
  return {
    async write(id) {
      await db.transaction((trx) => trx.insertInto('seat').values({ film_id: id, number: 1, holder: null }).execute())
    },
    close: () => db.close(),
  }
}

const syncEach: Contender = async (path) => {
  const db = openFile(path)
  const insert = db.prepare('insert into seat (film_id, number, holder) values (?, 1, null)')
  return {
    async write(id) {
      insert.run(id)
    },
    close: async () => db.close(),
  }
}

function figure({ median, low, high }: { median: number; low: number; high: number }): string {
  return `${Math.round(median)} (${Math.round(low)} … ${Math.round(high)})`
}
