export type DialectName = 'sqlite' | 'mysql'

/** Where the two grounds differ, as facts. */
export type Dialect = {
  readonly name: DialectName
}
