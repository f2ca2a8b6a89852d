import type { MigrationEngine } from '../migrations/migrate.ts'

/** What a database lends for copying all of it, and for being filled from a copy. */
export interface DataEngine extends MigrationEngine {
  /** Within, everything is read as it is at one moment, whatever others write meanwhile; they do not wait. */
  snapshot<R>(work: () => Promise<R>): Promise<R>
  /** Every table that stands, whoever made it. */
  tables(): Promise<string[]>
  /** Within, rows may come in any order: references are not looked at until the end. */
  inAnyOrder<R>(work: () => Promise<R>): Promise<R>
}
