import { createPool, type Pool, type PoolConnection, type QueryError } from 'mysql2'
import { Retryable } from '#server/database/errors.ts'
import type { Rows } from '../ground.ts'
import { addressOf } from './address.ts'
import { isLost } from './mysql-errors.ts'
import { mysqlParameter } from './mysql-parameters.ts'

export type PoolOptions = {
  url: string
  connections: number
  /** What each connection is told before it is used. */
  session: readonly string[]
  /** The server ends a statement before; a line that is silent for longer is given up. */
  silenceMs: number
}

export type Answer = { rows: Rows; affected: number | undefined; warnings: number }

/** How long one waits for a connection: to be made, or to be given back by somebody else. */
const acquireMs = 5000
const connectMs = 3000

/** Connections to one server. Statements are prepared there: no value ever becomes part of a text. */
export class ServerPool {
  #pool: Pool
  #silenceMs: number

  constructor({ url, connections, session, silenceMs }: PoolOptions) {
    this.#silenceMs = silenceMs
    this.#pool = createPool({
      ...addressOf(url),
      charset: 'UTF8MB4_BIN',
      connectionLimit: connections,
      maxIdle: connections,
      queueLimit: 10_000,
      connectTimeout: connectMs,
      enableKeepAlive: true,
      decimalNumbers: true,
      supportBigNumbers: true,
      jsonStrings: true,
      maxPreparedStatements: 256,
    })
    this.#pool.on('connection', (connection) => {
      connection.on('error', () => undefined) // whoever uses it hears of it; idle ones leave the pool
      for (const statement of session) {
        connection.query(statement, (error: QueryError | null) => {
          if (error) connection.destroy()
        })
      }
    })
  }

  /** Throws `Retryable` when there is none: nothing has been asked yet. */
  acquire(): Promise<ServerConnection> {
    return new Promise((resolve, reject) => {
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        reject(new Retryable(new Error(`no connection within ${acquireMs} ms`)))
      }, acquireMs)
      this.#pool.getConnection((error: Error | null, connection: PoolConnection) => {
        clearTimeout(timer)
        if (error) reject(new Retryable(error))
        else if (isLate) connection.release()
        else resolve(new ServerConnection(connection, this.#silenceMs))
      })
    })
  }

  async run(sql: string, parameters: readonly unknown[], silenceMs?: number): Promise<Answer> {
    const connection = await this.acquire()
    try {
      return await connection.run(sql, parameters, silenceMs)
    } finally {
      connection.release()
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#pool.end(() => resolve()))
  }
}

/** One connection, for as long as one has it. */
export class ServerConnection {
  #connection: PoolConnection
  #silenceMs: number
  #state: 'held' | 'lost' | 'released' = 'held'

  constructor(connection: PoolConnection, silenceMs: number) {
    this.#connection = connection
    this.#silenceMs = silenceMs
  }

  run(sql: string, parameters: readonly unknown[], silenceMs = this.#silenceMs): Promise<Answer> {
    const values = parameters.map(mysqlParameter)
    return this.#ask((heard) => this.#connection.execute({ sql, values, timeout: silenceMs }, heard))
  }

  /** Words of the protocol that cannot be prepared. Never with a value in them. */
  control(sql: 'start transaction' | 'commit' | 'rollback' | 'show warnings'): Promise<Answer> {
    return this.#ask((heard) => this.#connection.query({ sql, timeout: this.#silenceMs }, heard))
  }

  /** Back to the others, unless it is broken. */
  release(): void {
    if (this.#state === 'held') this.#connection.release()
    this.#state = 'released'
  }

  /** Ends it, and with it whatever the server had begun. */
  break(): void {
    if (this.#state !== 'held') return
    this.#state = 'lost'
    this.#connection.destroy()
  }

  #ask(send: (heard: (error: QueryError | null, result: unknown) => void) => void): Promise<Answer> {
    return new Promise((resolve, reject) => {
      send((error, result) => {
        if (!error) return resolve(answerOf(result))
        if (isLost(error)) this.break()
        reject(error)
      })
    })
  }
}

function answerOf(result: unknown): Answer {
  if (Array.isArray(result)) return { rows: result as Rows, affected: undefined, warnings: 0 }
  const { affectedRows, warningStatus } = result as { affectedRows: number; warningStatus: number }
  return { rows: [], affected: affectedRows, warnings: warningStatus }
}
