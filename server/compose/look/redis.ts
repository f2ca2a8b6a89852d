import type { Config } from '#server/config/keys.ts'
import type { Log } from '#server/ports/log.ts'
import { aheadOf, causeOf, type Sight } from './sight.ts'

const patienceMs = 3000

export async function lookAtRedis({ redis: { url } }: Config): Promise<Omit<Sight, 'part'>> {
  if (url === '') return { state: 'fine', text: 'none: everything stays in one process' }
  const { RedisLine } = await import('#server/adapters/redis/line.ts')
  const { systemClock } = await import('#server/adapters/clock/system-clock.ts')
  let why: unknown
  const listener: Log = { debug() {}, info() {}, error() {}, warn: (_, data) => void (why = data?.error), child: () => listener }
  const line = new RedisLine({ url, name: 'matinee-doctor', clock: systemClock, log: listener })
  const { host } = new URL(url)
  try {
    await line.whenUp(patienceMs).catch((error: unknown) => {
      throw new Error(`${host} ${remedy(why ?? error)}`, { cause: error })
    })
    const aheadMs = await aheadOf(async () => toMs(await line.send(['TIME'], patienceMs)))
    const info = await line.send(['INFO', 'server'], patienceMs).catch(() => '')
    const version = /redis_version:(\S+)/.exec(String(info))?.[1] ?? 'of unknown version'
    return { state: 'fine', text: `${host}, Redis ${version}`, aheadMs }
  } finally {
    await line.close()
  }
}

function toMs(time: unknown): number {
  const [seconds, micros] = (time as unknown[]).map(Number)
  return (seconds ?? 0) * 1000 + (micros ?? 0) / 1000
}

function remedy(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error)
  if (/WRONGPASS|NOAUTH|without any password configured/.test(said)) return 'refuses the password: mend it in redis.url.'
  const cause = causeOf(error)
  return `does not answer${cause === '' ? '' : ` (${cause})`}: start it, let this machine reach it, or mend redis.url.`
}
