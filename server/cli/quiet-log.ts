import type { Log } from '#server/ports/log.ts'
import type { Terminal } from './verb.ts'

/** For commands that answer in words of their own: only what went wrong besides is said. */
export function quietLog(terminal: Terminal): Log {
  const log: Log = {
    debug() {},
    info() {},
    warn() {},
    error: (event, fields) => terminal.err(`${event} ${fields?.error instanceof Error ? fields.error.message : ''}\n`),
    child: () => log,
  }
  return log
}
