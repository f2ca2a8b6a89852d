import { HalfRestored, NewerSchema, SchemaChanged } from '../errors.ts'
import type { DialectName } from '../dialect.ts'
import { afterStep, type Model } from '../schema/model.ts'
import { flag, int, ms, text } from '../schema/column.ts'
import { stepSql } from '../schema/sql.ts'
import { createTable, type Step, type StepRunner } from '../schema/step.ts'
import { fingerprint, type Migration } from './migration.ts'

/** What a database lends for migrating: one connection, and nobody else's hand on the tables meanwhile. */
export interface MigrationEngine extends StepRunner {
  readonly dialect: DialectName
  /** Alone among all processes while `work` runs; others wait. Ends with the process, however that ends. */
  alone<R>(work: () => Promise<R>): Promise<R>
  /** All or none. On MySQL tables do not take part: each change of a table commits. */
  atomically<R>(work: () => Promise<R>): Promise<R>
  /** True when the error says that what a statement makes is there already, or that what it drops is gone. */
  isDoneAlready(error: unknown): boolean
  /** A copy of everything, aside, before anything is changed; answers where it lies. Undefined where the database has its own ways. */
  backup?(): Promise<string>
}

/** Stands among the migrations of a database that is being filled from a backup, and keeps everybody out. */
export const halfRestored = 'restore-unfinished'

/** `isNew`: there were no tables before. */
export type MigrateReport = { ran: string[]; backup: string | undefined; isNew: boolean }

type Options = {
  migrations: readonly Migration[]
  /** Called before each migration that runs. */
  began?(name: string, database: Pick<MigrateReport, 'isNew'>): void
  /** By whoever fills the database from a backup: others are kept out meanwhile. */
  isRestoring?: boolean
  /** Called before each statement, and after it, before that is written down: tests end the process here. */
  pause?(): void | Promise<void>
}

type Position = { step: number; statement: number; begun: boolean; place: string | undefined; done: boolean }

/**
 * Brings the tables to the shape that this program knows. May be killed at any moment and run again, and several processes may start it at
 * once: the position is written down before and after each statement, and on SQLite together with it.
 */
export async function migrate(engine: MigrationEngine, options: Options): Promise<MigrateReport> {
  if (await isCurrent(engine, options)) return { ran: [], backup: undefined, isNew: false }
  return engine.alone(async () => {
    for (const sql of stepSql(engine.dialect, new Map(), positionTable))
      await engine.run(sql.replace(/^create table/, 'create table if not exists'))
    const known = await positions(engine, options)
    const isNew = known.size === 0
    const pending = options.migrations.filter((migration) => !known.get(migration.name)?.done)
    const backup = pending.length > 0 && !isNew && !options.isRestoring ? await engine.backup?.() : undefined
    let model: Model = new Map()
    for (const migration of options.migrations) {
      if (pending.includes(migration)) options.began?.(migration.name, { isNew })
      model = await runMigration(engine, migration, model, known.get(migration.name), options)
    }
    return { ran: pending.map((migration) => migration.name), backup, isNew }
  })
}

const positionTable = createTable(
  'migration',
  {
    name: text(100),
    step: int(),
    statement: int(),
    begun: flag(),
    place: text(500).null(),
    fingerprint: text(16),
    started_ms: ms(),
    done_ms: ms().null(),
  },
  { primaryKey: ['name'] },
)

/** What the next start would run; throws where it would refuse. Changes nothing. */
export async function pendingMigrations(engine: MigrationEngine, options: Options): Promise<string[]> {
  const known = await lookForPositions(engine, options)
  return options.migrations.map(({ name }) => name).filter((name) => !known?.get(name)?.done)
}

/** The usual start: one look, no lock. */
async function isCurrent(engine: MigrationEngine, options: Options): Promise<boolean> {
  return (await pendingMigrations(engine, options)).length === 0
}

function lookForPositions(engine: MigrationEngine, options: Options): Promise<Map<string, Position> | undefined> {
  return positions(engine, options).catch((error: unknown) => {
    if (error instanceof NewerSchema || error instanceof SchemaChanged || error instanceof HalfRestored) throw error
    return undefined // no such table yet; what else may be wrong is said by the next statement
  })
}

async function positions(engine: MigrationEngine, { migrations, isRestoring }: Options): Promise<Map<string, Position>> {
  const all = await engine.all('select name, step, statement, begun, place, fingerprint, done_ms from migration order by name')
  const rows = isRestoring ? all.filter(({ name }) => name !== halfRestored) : all
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  const unknown = rows.map((row) => String(row.name)).filter((name) => !known.has(name))
  if (unknown.includes(halfRestored)) throw new HalfRestored()
  if (unknown.length > 0) throw new NewerSchema(unknown)
  return new Map(
    rows.map((row) => {
      const migration = known.get(String(row.name))
      const done = row.done_ms !== null
      if (done && migration && fingerprint(migration) !== row.fingerprint) throw new SchemaChanged(migration.name)
      const place = typeof row.place === 'string' ? row.place : undefined
      return [String(row.name), { step: Number(row.step), statement: Number(row.statement), begun: Number(row.begun) === 1, place, done }]
    }),
  )
}

/** Answers the model after the migration. */
async function runMigration(
  engine: MigrationEngine,
  migration: Migration,
  before: Model,
  known: Position | undefined,
  options: Options,
): Promise<Model> {
  if (known?.done) return migration.steps.reduce(afterStep, before)
  const { name } = migration
  if (!known) await engine.run('insert into migration values (?, 0, 0, 0, null, ?, ?, null)', [name, fingerprint(migration), Date.now()])
  let at: Position = known ?? { step: 0, statement: 0, begun: false, place: undefined, done: false }
  let model = before
  for (const [index, step] of migration.steps.entries()) {
    const after = afterStep(model, step) // refuses a bad step before the database sees it
    if (index >= at.step) {
      if (index > at.step) at = { ...at, step: index, statement: 0, begun: false, place: undefined }
      const pause = () => options.pause?.()
      await (step.do === 'run'
        ? runWork(engine, name, step, at, pause)
        : runStatements(engine, name, stepSql(engine.dialect, model, step), at, pause))
    }
    model = after
  }
  await engine.run('update migration set step = ?, statement = 0, begun = 0, place = null, fingerprint = ?, done_ms = ? where name = ?', [
    migration.steps.length,
    fingerprint(migration),
    Date.now(),
    name,
  ])
  return model
}

async function runStatements(
  engine: MigrationEngine,
  name: string,
  statements: readonly string[],
  at: Position,
  pause: () => void | Promise<void>,
): Promise<void> {
  for (const [index, sql] of statements.entries()) {
    if (index < at.statement) continue
    const wasBegun = at.begun && index === at.statement
    // On MySQL the statement commits by itself: that it may have happened is written down before, that it has, after.
    if (!wasBegun) await write(engine, name, { ...at, statement: index, begun: true })
    await pause()
    await engine.atomically(async () => {
      await engine.run(sql).catch((error: unknown) => {
        if (!wasBegun || !engine.isDoneAlready(error)) throw error
      })
      await pause()
      await write(engine, name, { ...at, statement: index + 1, begun: false })
    })
  }
}

async function runWork(
  engine: MigrationEngine,
  name: string,
  step: Extract<Step, { do: 'run' }>,
  at: Position,
  pause: () => void | Promise<void>,
): Promise<void> {
  let place = at.place
  do {
    await pause()
    place = await engine.atomically(async () => {
      const next = await step.work(engine, place)
      await pause()
      await write(engine, name, next === undefined ? { ...at, step: at.step + 1, statement: 0, place: undefined } : { ...at, place: next })
      return next
    })
  } while (place !== undefined)
}

async function write(engine: MigrationEngine, name: string, at: Position): Promise<void> {
  const values = [at.step, at.statement, at.begun ? 1 : 0, at.place ?? null, name]
  await engine.run('update migration set step = ?, statement = ?, begun = ?, place = ? where name = ?', values)
}
