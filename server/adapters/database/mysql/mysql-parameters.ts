import mysql, { type TypedParameterValue } from 'mysql2'
import { bindable } from '../bindable.ts'

/** The same values as on SQLite. Whole numbers go as whole numbers: as doubles, `limit ?` would be refused and indexes missed. */
export function mysqlParameter(value: unknown): string | number | Buffer | TypedParameterValue | null {
  const bound = bindable(value)
  if (typeof bound === 'number') return Number.isInteger(bound) ? mysql.TypedParameter.BIGINT(bound) : bound
  if (typeof bound === 'string' || bound === null) return bound
  return Buffer.from(bound.buffer, bound.byteOffset, bound.byteLength)
}
