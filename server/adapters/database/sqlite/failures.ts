import { BrokenReference, DatabaseFull, Duplicate, OutcomeUnknown, Retryable, Unexpected } from '#server/database/errors.ts'
import type { Failure } from './messages.ts'

const codes = { busy: 5, locked: 6, ioError: 10, full: 13, reference: 787, unique: 2067, primaryKey: 1555, rowid: 2579 }

/** What an error of SQLite means, in words that can cross to another thread. */
export function failureOf(error: unknown, sql: string): Failure {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0
  switch (code) {
    case codes.unique:
    case codes.primaryKey:
    case codes.rowid:
      return { kind: 'duplicate', key: keyOf(message) }
    case codes.reference:
      return { kind: 'reference' }
  }
  switch (code & 0xff) {
    case codes.busy:
    case codes.locked:
      return { kind: 'retry', message }
    case codes.full:
      return { kind: 'full' }
    case codes.ioError:
      return { kind: 'retry', message: `${message} (${code})` }
    default:
      return { kind: 'bug', message, sql }
  }
}

export function errorOf(failure: Failure): Error {
  switch (failure.kind) {
    case 'duplicate':
      return new Duplicate(failure.key)
    case 'reference':
      return new BrokenReference()
    case 'unexpected':
      return new Unexpected(failure.statement, failure.rows)
    case 'retry':
      return new Retryable(new Error(failure.message))
    case 'unknown':
      return new OutcomeUnknown(new Error(failure.message))
    case 'full':
      return new DatabaseFull()
    case 'bug':
      return new Error(`${failure.message}, in: ${failure.sql}`)
  }
}

/** "UNIQUE constraint failed: member.room_id, member.account_id" → "member.room_id,account_id". */
function keyOf(message: string): string {
  const columns = (message.split(': ')[1] ?? '').split(', ')
  const [table = ''] = (columns[0] ?? '').split('.')
  return `${table}.${columns.map((column) => column.slice(table.length + 1)).join(',')}`
}
