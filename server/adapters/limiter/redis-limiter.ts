import { checkLimit, takeByGcra } from '#server/lib/gcra.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Limiter } from '#server/ports/limiter.ts'
import { LineDown } from '../redis/errors.ts'
import type { RedisKeys } from '../redis/keys.ts'
import type { RedisLine } from '../redis/line.ts'
import { readScript } from '../redis/script.ts'
import { createMemoryLimiter } from './memory-limiter.ts'

const take = readScript(import.meta.url, 'take.lua')

/** By the clock of Redis, one for all processes. While Redis does not answer each process limits by itself. */
export function createRedisLimiter(parts: { line: RedisLine; keys: RedisKeys; clock: Pick<Clock, 'monotonicMs'> }): Limiter {
  const { line, keys } = parts
  const alone = createMemoryLimiter({ clock: parts.clock })

  return {
    async take(key, limit, cost = 1) {
      checkLimit(limit, cost)
      const { count, periodMs, burst = count } = limit
      try {
        const [, held, now] = (await line.call(take, [keys.limit(key)], [count, periodMs, burst, cost].map(String))) as [
          number,
          string,
          string,
        ]
        return takeByGcra(held === '' ? undefined : Number(held), Number(now), limit, cost).decision
      } catch (error) {
        if (error instanceof LineDown) return alone.take(key, limit, cost)
        throw error
      }
    },
    async reset(key) {
      await alone.reset(key)
      await line.send(['DEL', keys.limit(key)]).catch((error) => {
        if (!(error instanceof LineDown)) throw error
      })
    },
    close: () => alone.close(),
  }
}
