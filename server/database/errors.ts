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
