import { hostname } from 'node:os'
import type { Config } from '#server/config/keys.ts'
import type { Log } from '#server/ports/log.ts'
import { openSystemClock } from '../begin.ts'
import { Refused } from './refused.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }
const patienceMs = 10_000

/** Cached values and tasks of the rows that are gone. Nothing is lost: Redis holds nothing that does not follow from rows. */
export async function forgetRedis({ redis: { url, prefix } }: Config): Promise<void> {
  if (url === '') return
  const { RedisLine } = await import('#server/adapters/redis/line.ts')
  const line = new RedisLine({ url, name: `matinee-restore-${hostname()}`, clock: await openSystemClock(), log: silent })
  try {
    await line.whenUp(patienceMs)
    let cursor = '0'
    do {
      const pattern = `${prefix.replace(/[\\*?[\]]/g, '\\$&')}:*`
      const [next, names] = (await line.send(['SCAN', cursor, 'MATCH', pattern, 'COUNT', '1000'], patienceMs)) as [string, string[]]
      for (const name of names) await line.send(['UNLINK', name], patienceMs)
      cursor = String(next)
    } while (cursor !== '0')
  } catch (error) {
    throw new Refused(
      `The rows are back, but Redis at ${new URL(url).host} (${error instanceof Error ? error.message : 'unknown'}) may still hold values of before: remove its keys that begin with ${prefix}: before Matinee starts`,
    )
  } finally {
    await line.close()
  }
}
