import { BrokenReference, DatabaseFull, Duplicate, OutcomeUnknown, Retryable, TooSlow } from '#server/database/errors.ts'
import { indexName } from '#server/database/schema/sql.ts'
import type { Model } from '#server/database/schema/model.ts'

const numbers = {
  duplicate: [1062, 1586],
  reference: [1216, 1217, 1451, 1452],
  /** Deadlock, lock wait, changed since read, read-only after a switch of the primary, too many connections, interrupted, shutting down. */
  retry: [1213, 1205, 1020, 1290, 1836, 1040, 1203, 1317],
  /** The server, or somebody, has ended the connection. */
  gone: [1053, 1080, 1152, 1927, 1158, 1159, 1160, 1161, 4031],
  full: [1021, 1114, 1016, 28],
  tooSlow: [1969, 3024],
}

const lostCodes = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** True when the connection is of no use any more. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('fatal' in error && error.fatal === true) return true
  return lostCodes.has(codeOf(error)) || numbers.gone.includes(numberOf(error))
}

/**
 * What an error of MySQL means. `mayBeDone`: it came where the server may have committed, so that a lost line leaves the outcome unknown.
 */
export function mysqlError(error: unknown, context: { sql: string; mayBeDone: boolean; keys: KeyNames }): unknown {
  const number = numberOf(error)
  if (numbers.duplicate.includes(number)) return new Duplicate(context.keys(messageOf(error), context.sql), error)
  if (numbers.reference.includes(number)) return new BrokenReference(error)
  if (numbers.full.includes(number)) return new DatabaseFull(error)
  if (numbers.tooSlow.includes(number)) return new TooSlow(error)
  if (numbers.retry.includes(number)) return new Retryable(error)
  if (isLost(error)) return context.mayBeDone ? new OutcomeUnknown(error) : new Retryable(error)
  if (error instanceof Error) error.message += `, in: ${context.sql}`
  return error
}

/** "Duplicate entry 'x' for key 'film__title'", after "insert into `film` …" → "film.title". */
export type KeyNames = (message: string, sql: string) => string

export function keyNames(model: () => Model): KeyNames {
  let names: Map<string, string> | undefined
  return (message, sql) => {
    names ??= namesOf(model())
    const table = /^(?:insert(?: ignore)?(?: into)?|update|replace(?: into)?)\s+`?(\w+)`?/i.exec(sql)?.[1] ?? ''
    const key = (/for key '([^']+)'/.exec(message)?.[1] ?? '').split('.').at(-1) ?? ''
    return names.get(key === 'PRIMARY' ? `${table} PRIMARY` : key) ?? table
  }
}

function namesOf(model: Model): Map<string, string> {
  const names = new Map<string, string>()
  for (const { name, primaryKey, indexes } of model.values()) {
    names.set(`${name} PRIMARY`, `${name}.${primaryKey.join(',')}`)
    for (const { columns } of indexes) names.set(indexName(name, columns), `${name}.${columns.join(',')}`)
  }
  return names
}

function numberOf(error: unknown): number {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? error.errno : 0
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
