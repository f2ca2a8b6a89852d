import type { Value } from '#server/database/database.ts'
import type { Rows } from '../ground.ts'

/** What goes between the program and its database threads. Lists, because they cross cheaper than objects with names. */
export type Bound = Value

/** `rows`: how many must be affected, −1 where it does not matter. */
export type SentStatement = [sql: string, parameters: Bound[], rows: number]

export type Request =
  | [kind: 'commit', id: number, statements: SentStatement[]]
  | [kind: 'query', id: number, transaction: number, sql: string, parameters: Bound[]]
  | [kind: 'end', id: number, transaction: number, keep: boolean]
  | [kind: 'read', id: number, sql: string, parameters: Bound[]]
  | [kind: 'close', id: number]

/** Rows affected by each statement of a commit. */
export type CommitAnswer = number[]
export type QueryAnswer = { rows: Rows; affected: number | undefined }
export type ReadAnswer = { rows: Rows; tookMs: number }

export type Failure =
  | { kind: 'duplicate'; key: string }
  | { kind: 'reference' }
  | { kind: 'unexpected'; statement: number; rows: number }
  | { kind: 'retry'; message: string }
  | { kind: 'unknown'; message: string }
  | { kind: 'full' }
  | { kind: 'bug'; message: string; sql: string }

export type Reply = [id: number, answer: unknown] | [id: number, answer: undefined, failure: Failure]

export type ThreadData = { kind: 'writer' | 'reader'; path: string; maxPages?: number | undefined; interactiveMs?: number | undefined }
