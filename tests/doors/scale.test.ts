import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { createConnection } from 'mysql2/promise'
import { describe, expect, test } from 'vitest'
import { settingsForHouse } from '#server/testing/distributed-ground.ts'
import { type Ground, grounds, times } from '#server/testing/grounds.ts'
import { type Asked, listenToStatements } from './asked.ts'
import { doorsOf, letIn, readyCall, send } from './call.ts'
import { type Engine, fillTables } from './crowd.ts'
import { Stage } from './stage.ts'

const count = times(3000, 1_000_000)
/** More rows than any page of a hundred needs with all that goes with it. */
const most = 1000

/** What is counted whole, on purpose: by what the statement says, without its quotes. */
const known: readonly [statement: RegExp, why: string][] = [
  [/^select [\w, ]+ from (setting|task_setting)( |$)/, 'a few names, all ours'],
  [/^select (state, )?count\(\*\) as count from (account|session|invitation) /, 'figures, for admins alone'],
  [/^select (distinct kind|kind, state, count\(\*\) as count) from task/, 'figures of tasks, for admins alone; what has ended is swept'],
  [
    /^select count\(\*\) as count from \w+ where (owner|author|account)_id = \?/,
    'what goes with an account, shown to its person before closing it',
  ],
  [/^select coalesce\(sum\(size\), 0\) as bytes from upload_task /, 'the room that one person has taken'],
  [/ from video_tag where video_id (in \(|= \?)/, 'the few tags of the films of one page'],
  [/ from playlist_item as item cross join video .* item\.playlist_id = \? /, 'as many as one list holds, which is bounded'],
  [/^select (\*|video_id, season, part) from playlist_item where playlist_id = \? /, 'as many as one list holds, which is bounded'],
  [
    /^select (count\(\*\)|coalesce\(sum\(count\), 0\)) as count from (watch|danmaku_slot) where video_id = \?$/,
    'figures of one film, for its keepers alone, kept for half a minute',
  ],
  [/^(select word|delete) from blocked_word/, 'a few hundred, kept in the cache'],
  [/ from video inner join follow /, 'as many as one follows'],
  [
    / from said where said\.id in \(select rowid from said_index where said_index match \? limit 1000\) /,
    'full text, and not more than its limit',
  ],
  [/^select \* from upload_task where server = \? and user_id = \? and state in /, 'what one person has under way'],
  [/^select size, held from upload_task where root = \? and state in /, 'what is under way, as much as its limit'],
  // MariaDB takes the list of films for selective before it looks, and then walks along the person (ref, capped by the rows of the range).
  [/^select kind, video_id from video_mark where account_id = \? /, 'as many as one has marked'],
  [/^select blocked_id from block where blocker_id = \? limit \?$/, 'as many as one blocks, and not more than its limit'],
]

describe.each(grounds.list)('a house in which everything is there many times, %s', (ground: Ground) => {
  test('[T36] whatever its doors ask the database is found by an index, and is as much as they show', async () => {
    const set = ground === 'distributed' ? await settingsForHouse() : {}
    await using stage = await Stage.open(ground, { set, without: ['worker', 'scheduler'] })
    await using engine = ground === 'distributed' ? await openMysql(set['database.url'] ?? '') : openSqlite(stage.matinee.folder)
    const doors = doorsOf(stage)
    // Each door is gone through once, so that there is something of everything that can be made through one.
    const goThrough = async (began: (name: string) => void) => {
      for (const door of doors) {
        const ready = await readyCall(stage, door, letIn(door))
        began(door.name)
        await send(stage, ready, ready.call)
      }
    }
    await goThrough(() => {})
    expect((await fillTables(engine, count)).length).toBeGreaterThan(15)
    const asked = new Map<string, Asked & { by: string }>()
    {
      let by = ''
      using _ = listenToStatements((one) => asked.set(one.sql, { ...one, by }))
      await goThrough((name) => (by = name))
    }
    const dear: string[] = []
    for (const { by, sql, parameters } of asked.values()) {
      const plain = sql.replaceAll(/["`]/g, '')
      if (!/^(select|with|update|delete) /i.test(plain) || known.some(([statement]) => statement.test(plain))) continue
      for (const cost of await engine.costsOf({ sql, parameters })) dear.push(`${by}: ${cost}\n${plain}`)
    }
    expect(dear).toEqual([])
    expect(asked.size).toBeGreaterThan(100)
  }, 1_200_000)
})

type Explaining = Engine & AsyncDisposable & { costsOf(asked: Asked): Promise<string[]> }

function openSqlite(folder: string): Explaining {
  const db = new DatabaseSync(join(folder, 'matinee.db'))
  db.exec('pragma busy_timeout = 20000')
  const all = async (sql: string, parameters: readonly unknown[] = []) => db.prepare(sql).all(...(parameters as SQLInputValue[]))
  return {
    kind: 'sqlite',
    all,
    async costsOf({ sql, parameters }) {
      const plan = (await all(`explain query plan ${sql}`, parameters)).map(({ detail }) => String(detail))
      const isSorted = plan.some((detail) => /TEMP B-TREE FOR ORDER/.test(detail))
      // Along an index, and no further than the page is long.
      const isPage = sql.endsWith(' limit ?') && !isSorted
      return plan.filter(
        (detail) =>
          /TEMP B-TREE FOR ORDER/.test(detail) ||
          (/^SCAN (?!CONSTANT ROW|\()/.test(detail) && !(isPage && / USING (COVERING )?INDEX /.test(detail))),
      )
    },
    [Symbol.asyncDispose]: async () => db.close(),
  }
}

async function openMysql(url: string): Promise<Explaining> {
  const connection = await createConnection({ uri: url, charset: 'UTF8MB4_BIN' })
  const all = async (sql: string, parameters: readonly unknown[] = []) =>
    (await connection.query(sql, parameters as unknown[]))[0] as Record<string, unknown>[]
  const reads = async () => {
    const status = await all("show session status like 'Handler_read%'")
    return status.reduce((sum, { Value }) => sum + Number(Value), 0)
  }
  return {
    kind: 'mysql',
    all,
    async costsOf({ sql, parameters }) {
      const plan = (await all(`explain ${sql}`, parameters)) as { table: string; type: string | null; rows: number | null; Extra: string }[]
      const told = plan.map((step) => Object.values(step).join(' ')).join('; ')
      if (!/^\s*(select|with)/i.test(sql)) {
        return plan.some(({ type, rows }) => (type === 'ALL' || type === 'index') && Number(rows) > most) ? [told] : []
      }
      const before = await reads()
      await all(sql, parameters)
      const read = (await reads()) - before
      return read > most ? [`reads ${read}: ${told}`] : []
    },
    [Symbol.asyncDispose]: async () => await connection.end(),
  }
}
