import { type Logger, type LoggerOptions, destination as openDestination, pino } from 'pino'
import type { Log, LogFields, LogLevel } from '#server/ports/log.ts'
import { toLoggable } from './mask.ts'
import { toReadable } from './readable.ts'

export type AdjustableLog = Log & {
  /** Counts at once for this log and all its children. */
  setLevel(level: LogLevel): void
  readonly level: LogLevel
  /** What was said so far is written when it returns: for the end of the process, also a hasty one. */
  flush(): void
}

export type LogOutput = { write(line: string): void; flushSync?(): void }

const ranks: Record<LogLevel, number> = { debug: 20, info: 30, warn: 40, error: 50, silent: 100 }

export function openPinoLog(parts: { level: LogLevel; format: 'json' | 'text'; fields?: LogFields; output?: LogOutput }): AdjustableLog {
  let { level } = parts
  const output = parts.output ?? openStandardError()
  const options: LoggerOptions = {
    level: 'debug',
    messageKey: 'event',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  }
  const lines = pino(options, parts.format === 'text' ? { write: (line: string) => output.write(toReadable(line)) } : output)

  const over = (logger: Logger): Log => {
    const say = (at: 'debug' | 'info' | 'warn' | 'error') => (event: string, fields?: LogFields) => {
      if (ranks[at] < ranks[level]) return
      if (fields) logger[at](toLoggable(fields), event)
      else logger[at](event)
    }
    return {
      debug: say('debug'),
      info: say('info'),
      warn: say('warn'),
      error: say('error'),
      child: (fields) => over(logger.child(toLoggable(fields))),
    }
  }

  return {
    ...over(parts.fields ? lines.child(toLoggable(parts.fields)) : lines),
    setLevel(next) {
      level = next
    },
    get level() {
      return level
    },
    flush() {
      try {
        output.flushSync?.()
      } catch {
        // The reader of our output has gone away: there is nobody to tell.
      }
    },
  }
}

/** Where its reader has gone away, as with a terminal that was closed, there is nobody to tell, and nothing to end for. */
function openStandardError(): LogOutput {
  const output = openDestination({ dest: 2, sync: false, minLength: 0 })
  output.on('error', () => {})
  return output
}
