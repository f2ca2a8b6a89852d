import { Problem } from './problem.ts'

type Values = { text: string; whole: number }
type Kind = keyof Values
type Position<K extends readonly Kind[]> = { -readonly [I in keyof K]: Values[K[I]] }

/**
 * Where a page ends, as callers carry it: opaque, though not secret, and believed in nothing. `name` keeps a cursor of one list from being shown to
 * another; every value must be of its kind. What it says goes into a query as a value, so a forged one leads only to another place of the same list.
 */
export function createCursor<const K extends readonly Kind[]>(name: string, kinds: K) {
  return {
    write: (position: Position<K>): string => Buffer.from(JSON.stringify([name, ...position])).toString('base64url'),
    /** Throws `invalid`, naming the field. */
    read(cursor: string | undefined): Position<K> | undefined {
      if (cursor === undefined) return undefined
      const position = parse(cursor, name, kinds)
      if (!position) throw new Problem('invalid', 'http.wrong_fields', { fields: [{ path: 'cursor', code: 'field.malformed' }] })
      return position as Position<K>
    },
  }
}

function parse(cursor: string, name: string, kinds: readonly Kind[]): (string | number)[] | undefined {
  if (!/^[\w-]{1,512}$/.test(cursor)) return undefined
  try {
    const [kept, ...values] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    const isWhole = kept === name && values.length === kinds.length && values.every((value, place) => isOf(kinds[place], value))
    return isWhole ? (values as (string | number)[]) : undefined
  } catch {
    return undefined
  }
}

function isOf(kind: Kind | undefined, value: unknown): boolean {
  return kind === 'whole' ? Number.isSafeInteger(value) : typeof value === 'string' && value.length <= 300
}
