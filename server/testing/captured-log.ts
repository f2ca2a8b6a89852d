import type { Log, LogFields } from '#server/ports/log.ts'

export type CapturedLine = { level: 'debug' | 'info' | 'warn' | 'error'; event: string; fields: LogFields }

/** Keeps its lines for the test to look at, and says nothing. */
export function createCapturedLog(lines: CapturedLine[] = [], inherited: LogFields = {}): Log & { lines: CapturedLine[] } {
  const say =
    (level: CapturedLine['level']) =>
    (event: string, fields: LogFields = {}) => {
      lines.push({ level, event, fields: { ...inherited, ...fields } })
    }
  return {
    lines,
    debug: say('debug'),
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    child: (fields) => createCapturedLog(lines, { ...inherited, ...fields }),
  }
}
