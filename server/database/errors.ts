import { Problem } from '#server/lib/problem.ts'

/** A row with that key stands already. Inside a transaction only this statement is undone: the transaction may go on. */
export class Duplicate extends Error {
  /** `table.column`, `table.column,column`; the table alone where the database tells no more. */
  readonly key: string
  constructor(key: string, cause?: unknown) {
    super(`duplicate: ${key}`, { cause })
    this.name = 'Duplicate'
    this.key = key
  }
}

/** A row points at one that is not there, or one that is pointed at should go. */
export class BrokenReference extends Error {
  constructor(cause?: unknown) {
    super('a row would point at one that is not there', { cause })
    this.name = 'BrokenReference'
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

/** The database could not, this time; nothing was changed. It was tried again already, as often as makes sense. */
export class Retryable extends Problem {
  constructor(cause?: unknown) {
    super('unavailable', 'database.busy', { retryAfterMs: 1000, cause })
    this.name = 'Retryable'
  }
}

/**
 * The line broke while the database committed: it has happened, or it has not. Never tried again by itself. Whoever asked may repeat it
 * where a key makes the repetition harmless: a `Duplicate` then says that it had happened.
 */
export class OutcomeUnknown extends Problem {
  constructor(cause?: unknown) {
    super('unavailable', 'database.outcome_unknown', { retryAfterMs: 1000, cause })
    this.name = 'OutcomeUnknown'
  }
}

/** No room: nothing was changed, and reading goes on. */
export class DatabaseFull extends Problem {
  constructor(cause?: unknown) {
    super('full', 'database.full', { cause })
    this.name = 'DatabaseFull'
  }
}

/** A reading statement took longer than the database allows. */
export class TooSlow extends Problem {
  constructor(cause?: unknown) {
    super('unavailable', 'database.too_slow', { cause })
    this.name = 'TooSlow'
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

/** A file that is no backup, or no longer a whole one. */
export class BrokenBackup extends Error {
  constructor(why: string, cause?: unknown) {
    super(`the backup cannot be used: ${why}`, { cause })
    this.name = 'BrokenBackup'
  }
}

/** Only an empty database is filled from a backup. */
export class NotEmpty extends Error {
  constructor(tables: readonly string[]) {
    super(
      `the database is not empty (${tables.slice(0, 5).join(', ')}${tables.length > 5 ? ', …' : ''}): a backup goes into an empty one only`,
    )
    this.name = 'NotEmpty'
  }
}

/** A backup was being read into this database, and that has not come to its end. */
export class HalfRestored extends Error {
  constructor() {
    super('a restore into this database has not come to its end: empty the database and restore again')
    this.name = 'HalfRestored'
  }
}

/** A program works on this database: nobody takes it away beneath. */
export class StillInUse extends Error {
  constructor(who: string) {
    super(`${who} works on this database: end Matinee first, in every place where it runs`)
    this.name = 'StillInUse'
  }
}
