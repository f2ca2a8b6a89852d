import { type CompiledQuery, InsertQueryNode, ValuesNode } from 'kysely'
import type { Outcome } from '#server/database/database.ts'
import { BrokenReference, Retryable, Unexpected } from '#server/database/errors.ts'
import type { CompiledStatement } from '../ground.ts'
import { type KeyNames, mysqlError } from './mysql-errors.ts'
import type { Answer, ServerConnection, ServerPool } from './server-pool.ts'

export type WriteContext = { keys: KeyNames; pool: ServerPool; interactiveMs: number }

/** All or none of them. One statement that may affect any number of rows needs no transaction around it. */
export async function commitStatements(context: WriteContext, statements: readonly CompiledStatement[]): Promise<Outcome[]> {
  const [only] = statements
  if (only && statements.length === 1 && only.rows === undefined && !isIgnoring(only.compiled))
    return [await commitOne(context, only.compiled)]
  const transaction = await MysqlTransaction.begin(context)
  try {
    const outcomes: Outcome[] = []
    for (const [index, { compiled, rows }] of statements.entries()) {
      const affected = (await transaction.run(compiled)).affected ?? 0
      if (rows !== undefined && affected !== rows) throw new Unexpected(index, affected)
      outcomes.push({ rows: affected })
    }
    await transaction.commit()
    return outcomes
  } catch (error) {
    await transaction.rollback()
    throw error
  }
}

async function commitOne(context: WriteContext, compiled: CompiledQuery): Promise<Outcome> {
  const connection = await context.pool.acquire()
  try {
    const { affected } = counted(await connection.run(compiled.sql, compiled.parameters), compiled)
    return { rows: affected ?? 0 }
  } catch (error) {
    throw mysqlError(error, { sql: compiled.sql, mayBeDone: true, keys: context.keys })
  } finally {
    connection.release()
  }
}

/** A transaction on a connection of its own. After an error that undoes it as a whole it refuses everything. */
export class MysqlTransaction {
  #context: WriteContext
  #connection: ServerConnection
  #broken: Error | undefined
  #state: 'open' | 'ended' = 'open'
  #deadline: NodeJS.Timeout

  static async begin(context: WriteContext): Promise<MysqlTransaction> {
    const connection = await context.pool.acquire()
    try {
      await connection.control('start transaction')
      return new MysqlTransaction(context, connection)
    } catch (error) {
      connection.release()
      throw mysqlError(error, { sql: 'start transaction', mayBeDone: false, keys: context.keys })
    }
  }

  constructor(context: WriteContext, connection: ServerConnection) {
    this.#context = context
    this.#connection = connection
    this.#deadline = setTimeout(() => this.#expire(), context.interactiveMs)
  }

  async run(compiled: CompiledQuery): Promise<Answer> {
    this.#refuseBroken()
    try {
      const answer = await this.#connection.run(compiled.sql, compiled.parameters)
      if (answer.warnings > 0 && isIgnoring(compiled)) await this.#refuseOtherWarnings()
      return counted(answer, compiled)
    } catch (error) {
      this.#refuseBroken()
      const meant = mysqlError(error, { sql: compiled.sql, mayBeDone: false, keys: this.#context.keys })
      // A deadlock has undone everything, and what came next would be committed by itself.
      if (meant instanceof Retryable) this.#broken = meant
      throw meant
    }
  }

  async commit(): Promise<void> {
    this.#refuseBroken()
    clearTimeout(this.#deadline)
    this.#state = 'ended'
    try {
      await this.#connection.control('commit')
    } catch (error) {
      this.#connection.break()
      throw mysqlError(error, { sql: 'commit', mayBeDone: true, keys: this.#context.keys })
    } finally {
      this.#connection.release()
    }
  }

  /** Never throws: what could not be undone is undone by the end of the connection. */
  async rollback(): Promise<void> {
    if (this.#state === 'ended') return
    clearTimeout(this.#deadline)
    this.#state = 'ended'
    await this.#connection.control('rollback').catch(() => this.#connection.break())
    this.#connection.release()
  }

  #refuseBroken(): void {
    if (this.#broken) throw this.#broken
  }

  #expire(): void {
    this.#broken = new Error(`the transaction was broken off: it took longer than ${this.#context.interactiveMs} ms`)
    this.#connection.break()
  }

  /** `insert ignore` passes over far more than keys that stand already: only that is meant. */
  async #refuseOtherWarnings(): Promise<void> {
    const { rows } = await this.#connection.control('show warnings')
    for (const { Code, Message } of rows) {
      if (Code === 1452) throw new BrokenReference(new Error(String(Message)))
      if (Code !== 1062) throw new Error(`ignored: ${String(Message)}`)
    }
  }
}

function isIgnoring({ sql }: CompiledQuery): boolean {
  return sql.startsWith('insert ignore')
}

/** MySQL counts a row that an upsert updates twice; here each row given counts once. */
function counted(answer: Answer, { query }: CompiledQuery): Answer {
  if (answer.affected === undefined || !InsertQueryNode.is(query) || !query.onDuplicateKey || !query.values || !ValuesNode.is(query.values))
    return answer
  return { ...answer, affected: query.values.values.length }
}
