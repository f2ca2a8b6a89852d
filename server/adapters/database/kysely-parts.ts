import {
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  Kysely,
  type QueryCompiler,
} from 'kysely'
import type { Tables } from '#server/database/tables.ts'

export type Parts = { adapter(): DialectAdapter; compiler(): QueryCompiler }

/** A query builder over one of our drivers. */
export function kyselyOver(parts: Parts, driver: Driver): Kysely<Tables> {
  const dialect: Dialect = {
    createAdapter: parts.adapter,
    createQueryCompiler: parts.compiler,
    createDriver: () => driver,
    createIntrospector: (): DatabaseIntrospector => {
      throw new Error('the tables are known from the migrations')
    },
  }
  return new Kysely<Tables>({ dialect })
}

/** A driver that only hands out one connection: for reading, where each statement stands alone. */
export function plainDriver(connection: Pick<DatabaseConnection, 'executeQuery'>): Driver {
  const whole: DatabaseConnection = { executeQuery: (query) => connection.executeQuery(query), streamQuery: noStream }
  const refuse = async () => {
    throw new Error('transactions go through db.transaction')
  }
  return {
    init: async () => {},
    acquireConnection: async () => whole,
    releaseConnection: async () => {},
    destroy: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
  }
}

/** Where statements are only built. */
export const buildingDriver: Driver = plainDriver({
  executeQuery: async () => {
    throw new Error('this statement was built for commit(): hand it over instead of executing it')
  },
})

export function noStream(): AsyncIterableIterator<never> {
  throw new Error('rows are read in pages, not as a stream')
}
