export type LogFields = Record<string, unknown>
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/**
 * Structured lines: an event (`area.what_happened`) and its fields. An error goes under `error`. Fields whose names speak of secrets are masked by
 * the adapter, at any depth; values are cut where they are long. Never throws, never waits. Left out: where lines go.
 */
export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
  /** Lines of the child carry these fields too. */
  child(fields: LogFields): Log
}
