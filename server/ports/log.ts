export type LogFields = Record<string, unknown>

/** Structured lines. Fields whose names speak of secrets are masked by the adapter. */
export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
  child(fields: LogFields): Log
}
