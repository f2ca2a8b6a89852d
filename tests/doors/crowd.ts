import { modelOf } from '#server/database/migrations/migration.ts'
import { migrations } from '#server/database/migrations/index.ts'
import type { Table } from '#server/database/schema/step.ts'

type Row = Record<string, unknown>
/** The database of a house, past the house. */
export type Engine = {
  kind: 'sqlite' | 'mysql'
  all(sql: string, parameters?: readonly unknown[]): Promise<Row[]>
}

/** Which row of a table stands for many, where the first one would lie in no list. */
const chosen: Readonly<Record<string, string>> = {
  account: "role = 'member'",
  video: "visibility = 'public' and state = 'ready' and deleted_ms is null",
}

/** Where each row is one for its own sake: it ends sessions, says where something stands, or is a setting with a name of ours. */
const single = new Set(['session_doubt', 'session_epoch', 'event_head', 'event_epoch', 'replica_beat', 'setting', 'task_setting'])

/**
 * Each row of every table, so many times: the same but for its keys, and for its moments, of which each is one earlier. Of what belongs
 * to one every second belongs to that one still (a film with half a million comments, a person with half a million films: the worst that a list can be
 * asked for), and the others to as many others.
 */
export async function fillTables(engine: Engine, count: number): Promise<string[]> {
  const model = modelOf(migrations)
  const filled = new Set<string>()
  for (const table of model.values()) {
    const [row] = await engine.all(`select * from ${table.name} where ${chosen[table.name] ?? '1 = 1'} limit 1`)
    if (!row || single.has(table.name)) continue
    await copy(engine, { table, row, count, filled })
    filled.add(table.name)
  }
  // MariaDB counts by itself, a while later; SQLite is never asked to.
  if (engine.kind === 'mysql') for (const name of filled) await engine.all(`analyze table ${name}`)
  return [...filled]
}

type Copying = { table: Table; row: Row; count: number; filled: ReadonlySet<string> }

async function copy(engine: Engine, { table, row, count, filled }: Copying): Promise<void> {
  const varied = new Set(keysOf(table).map((columns) => variedOf(table, columns, filled)))
  const names = [...table.columns.keys()]
  const made = names.map((name): { sql: string; value?: unknown } => {
    const facts = table.columns.get(name)
    const value = row[name] ?? null
    if (varied.has(name) && (facts?.kind === 'int' || facts?.kind === 'ms')) return { sql: '? + n', value }
    if (varied.has(name)) return { sql: numbered(engine, facts?.length ?? 20) }
    if (facts?.kind === 'ms' && value !== null) return { sql: '? - n', value }
    const isMany = facts?.references !== undefined && filled.has(facts.references.table) && value !== null
    return isMany ? { sql: `case when n % 2 = 0 then ? else ${numbered(engine, facts.length ?? 20)} end`, value } : { sql: '?', value }
  })
  const list = names.map((name) => (engine.kind === 'mysql' ? `\`${name}\`` : `"${name}"`)).join(', ')
  const parameters = made.flatMap((one) => ('value' in one ? [one.value] : []))
  for (let from = 1; from <= count; from += 100_000) {
    const to = Math.min(count, from + 99_999)
    const numbers =
      engine.kind === 'mysql'
        ? `(select cast(seq as signed) as n from seq_${from}_to_${to}) as numbers`
        : `(with recursive c(n) as (select ${from} union all select n + 1 from c where n < ${to}) select n from c)`
    await engine.all(
      `insert ${engine.kind === 'mysql' ? 'ignore' : 'or ignore'} into ${table.name} (${list}) select ${made.map(({ sql }) => sql).join(', ')} from ${numbers}`,
      parameters,
    )
  }
}

/** Sorted by n, and never what `newId` makes. */
function numbered({ kind }: Engine, length: number): string {
  const digits = Math.min(length - 1, 9)
  return kind === 'mysql' ? `concat('z', lpad(n, ${digits}, '0'))` : `('z' || printf('%0${digits}d', n))`
}

const keysOf = (table: Table): (readonly string[])[] => [
  table.primaryKey,
  ...table.indexes.filter(({ unique }) => unique).map(({ columns }) => columns),
]

/** One column of each key is enough to tell rows apart: a number, else what points at a row that is many, else a name. */
function variedOf(table: Table, columns: readonly string[], filled: ReadonlySet<string>): string {
  const facts = (name: string) => table.columns.get(name)
  const isNumber = (name: string) => facts(name)?.kind === 'int' || facts(name)?.kind === 'ms'
  const pointsAtMany = (name: string) => filled.has(facts(name)?.references?.table ?? '')
  const points = (name: string) => facts(name)?.references !== undefined
  return columns.findLast(isNumber) ?? columns.findLast(pointsAtMany) ?? columns.find((name) => !points(name)) ?? columns[0] ?? ''
}
