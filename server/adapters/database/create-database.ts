import type { Compilable, CompiledQuery } from 'kysely'
import type { Builder, Database, OpenDatabase, Reader, Statement, Values } from '#server/database/database.ts'
import type { Tables } from '#server/database/tables.ts'
import type { CompiledStatement, Ground } from './ground.ts'
import { Placeholder, placeholders } from './placeholders.ts'
import { retried } from './retried.ts'
import { inTransaction, refuseInside } from './transaction-guard.ts'

/** The `Database` of a ground: narrowing, guarding, trying again. The same on both. */
export function createDatabase(ground: Ground): OpenDatabase {
  const database: OpenDatabase = {
    dialect: ground.dialect,
    build: ground.build,
    get read() {
      refuseInside(ground)
      return ground.read
    },
    get primary() {
      refuseInside(ground)
      return ground.primary
    },
    async transaction(work) {
      refuseInside(ground)
      return retried(() => inTransaction(ground, () => ground.write.transaction().execute(work)))
    },
    async commit(statements) {
      refuseInside(ground)
      if (statements.length === 0) return []
      const compiled = statements.map(compile)
      return retried(() => ground.commit(compiled))
    },
    prepareRead: (build, options) => preparedRead(ground, build, options?.from ?? 'read'),
    prepareWrite: (build) => preparedWrite(ground, build),
    pick: <N extends keyof Tables>() => database as unknown as Database<N>,
    close: () => ground.close(),
  }
  return database
}

function compile(statement: Statement): CompiledStatement {
  return 'query' in statement
    ? { compiled: statement.query.compile(), rows: statement.rows }
    : { compiled: statement.compile(), rows: undefined }
}

function preparedRead<V extends Values, R>(
  ground: Ground,
  build: (from: Reader<Tables>, value: V) => Compilable<R>,
  from: 'read' | 'primary',
): (values: V) => Promise<R[]> {
  let compiled: CompiledQuery | undefined
  return async (values) => {
    refuseInside(ground)
    compiled ??= build(ground.build, placeholders<V>()).compile()
    return (await ground.ask(from, compiled.sql, filled(compiled, values))) as R[]
  }
}

function preparedWrite<V extends Values>(ground: Ground, build: (to: Builder<Tables>, value: V) => Compilable): (values: V) => Compilable {
  let compiled: CompiledQuery | undefined
  return (values) => {
    const known = (compiled ??= build(ground.build, placeholders<V>()).compile())
    return { compile: () => ({ ...known, parameters: filled(known, values) }) }
  }
}

function filled(compiled: CompiledQuery, values: Values): unknown[] {
  return compiled.parameters.map((parameter) => (parameter instanceof Placeholder ? values[parameter.name] : parameter))
}
