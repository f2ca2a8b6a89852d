import type { Value } from '#server/database/database.ts'

/**
 * What may be bound. Everything else throws: SQLite would take a Date, or any first object, for named parameters and store null; and a
 * number beyond 2^53 could not be read back.
 */
export function bindable(value: unknown): Value {
  if (typeof value === 'string' || value === null) return value
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
      throw new TypeError(`the number ${value} cannot be kept`)
    return value
  }
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Uint8Array) return value
  if (typeof value === 'bigint' && value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) return Number(value)
  throw new TypeError(
    `a ${value instanceof Date ? 'Date' : typeof value} cannot be a parameter: times are epoch milliseconds, JSON is text`,
  )
}
