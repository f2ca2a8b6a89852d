import type { Config } from '#server/config/keys.ts'
import { pathsOf } from '#server/config/load.ts'
import { openSecrets, type Secrets } from '#server/config/secrets.ts'
import type { CallApi } from '#server/features/site/index.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { type Features, openFeatures } from './features.ts'
import { type Ground, openGround } from './ground/ground.ts'

/** The program without its doors: what the roles open. */
export type Parts = { config: () => Config; ground: Ground; secrets: Secrets; features: Features } & AsyncDisposable

export async function openParts(given: { config: () => Config; callApi: CallApi; clock?: Clock; log?: Log }): Promise<Parts> {
  await using opened = new AsyncDisposableStack()
  const { config } = given
  const clock = given.clock ?? (await openSystemClock())
  const log = given.log ?? opened.adopt(await openLog(config()), (made) => made.flush())
  const secrets = openSecrets(pathsOf(config()).secrets)
  const ground = opened.use(await openGround({ config, clock, log }))
  const features = opened.use(await openFeatures({ config, ground, secrets, callApi: given.callApi }))
  const closing = opened.move()
  return { config, ground, secrets, features, [Symbol.asyncDispose]: () => closing.disposeAsync() }
}

async function openSystemClock(): Promise<Clock> {
  const { systemClock } = await import('#server/adapters/clock/system-clock.ts')
  return systemClock
}

async function openLog({ log }: Config) {
  const { openPinoLog } = await import('#server/adapters/log/pino-log.ts')
  const format = log.format === 'auto' ? (process.stdout.isTTY ? 'text' : 'json') : log.format
  return openPinoLog({ level: log.level, format })
}
