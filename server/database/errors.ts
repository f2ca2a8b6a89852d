/** A row with that key stands already. */
export class Duplicate extends Error {
  /** The table, or the unique key, as far as the database tells. */
  readonly key: string
  constructor(key: string, cause?: unknown) {
    super(`duplicate: ${key}`, { cause })
    this.name = 'Duplicate'
    this.key = key
  }
}

/** A statement of a `commit` did not affect the rows it should have: nothing was changed. */
export class Unexpected extends Error {
  readonly statement: number
  readonly rows: number
  constructor(statement: number, rows: number) {
    super(`statement ${statement} affected ${rows} rows`)
    this.name = 'Unexpected'
    this.statement = statement
    this.rows = rows
  }
}

/** The database knows migrations that this program does not: a newer Matinee has been here. */
export class NewerSchema extends Error {
  readonly unknown: readonly string[]
  constructor(unknown: readonly string[]) {
    super(`the database was made by a newer Matinee (it knows ${unknown.join(', ')}): start that one, or restore a backup from before it`)
    this.name = 'NewerSchema'
    this.unknown = unknown
  }
}

/** A migration says something else than when it ran. */
export class SchemaChanged extends Error {
  readonly migration: string
  constructor(migration: string) {
    super(
      `migration ${migration} was changed after it had run on this database: undo the change and write a new migration, or begin with an empty database`,
    )
    this.name = 'SchemaChanged'
    this.migration = migration
  }
}
