export type ColumnKind = 'id' | 'text' | 'longText' | 'int' | 'ms' | 'real' | 'flag' | 'json' | 'bytes'

export type OnDelete = 'cascade' | 'set null' | 'restrict'

export type ColumnFacts = {
  readonly kind: ColumnKind
  /** Characters of a text, bytes of bytes. */
  readonly length?: number
  readonly nullable?: true
  readonly default?: string | number
  readonly references?: { table: string; column: string; onDelete: OnDelete }
  readonly about?: string
}

/** One column, as facts that both grounds can keep. Not null unless `null()` says so. */
export type Column = {
  readonly facts: ColumnFacts
  null(): Column
  default(value: string | number): Column
  references(target: `${string}.${string}`, onDelete: OnDelete): Column
  /** A sentence for docs/database.md. */
  about(sentence: string): Column
}

/** A key of our own making (`newId`), or one that is as short: 20 ASCII characters. */
export const id = (): Column => column({ kind: 'id', length: 20 })

/** So many characters at most, on both grounds. Can be a key; trailing spaces do not count when it is compared. */
export const text = (length: number): Column => column({ kind: 'text', length })

/** Up to 16 MB. Cannot be a key. */
export const longText = (): Column => column({ kind: 'longText' })

/** A whole number between −2^53 and 2^53. */
export const int = (): Column => column({ kind: 'int' })

/** A moment: epoch milliseconds. Names end in `_ms`. */
export const ms = (): Column => column({ kind: 'ms' })

/** A double. Never money, never a key. */
export const real = (): Column => column({ kind: 'real' })

/** 0 or 1. */
export const flag = (): Column => column({ kind: 'flag' })

/** JSON as text: parsed by the store (`fromJson`), never by the database. */
export const json = (): Column => column({ kind: 'json' })

/** Up to so many bytes; without a number up to 16 MB, and then it cannot be a key. */
export const bytes = (length?: number): Column => column(length === undefined ? { kind: 'bytes' } : { kind: 'bytes', length })

function column(facts: ColumnFacts): Column {
  return {
    facts,
    null: () => column({ ...facts, nullable: true }),
    default: (value) => column({ ...facts, default: value }),
    about: (sentence) => column({ ...facts, about: sentence }),
    references(target, onDelete) {
      const [table, name] = target.split('.')
      if (!table || !name) throw new TypeError(`references('${target}') should be 'table.column'`)
      return column({ ...facts, references: { table, column: name, onDelete } })
    },
  }
}
