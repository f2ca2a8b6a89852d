import type { Config } from '#server/config/keys.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { AdjustableLog } from '#server/adapters/log/pino-log.ts'

export async function openSystemClock(): Promise<Clock> {
  const { systemClock } = await import('#server/adapters/clock/system-clock.ts')
  return systemClock
}

/** The log of a process, at the level that the configuration names at the moment. It goes to standard error: what a command says to people stands alone. */
export async function openLog(config: Config): Promise<AdjustableLog> {
  const { openPinoLog } = await import('#server/adapters/log/pino-log.ts')
  const { level, format } = config.log
  return openPinoLog({ level, format: format === 'auto' ? (process.stderr.isTTY ? 'text' : 'json') : format })
}
