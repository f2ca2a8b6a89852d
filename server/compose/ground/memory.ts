import type { Config } from '#server/config/keys.ts'
import type { Database } from '#server/database/database.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Limiter } from '#server/ports/limiter.ts'
import type { Locks } from '#server/ports/locks.ts'
import type { Log } from '#server/ports/log.ts'
import type { Queue } from '#server/ports/queue.ts'
import type { Probes } from './probes.ts'

type Parts = { config: Config; db: Database; clock: Clock; log: Log; name: string; redisSlowMs?: number | undefined }

/** What processes share of the moment: in this one alone, or over Redis. */
export type Memory = { bus: Bus; cache: Cache; locks: Locks; limiter: Limiter; queue: Queue; probes: Probes } & AsyncDisposable

export async function openMemory(parts: Parts): Promise<Memory> {
  return parts.config.redis.url === '' ? await openAlone(parts) : await openShared(parts)
}

async function openAlone({ config, db, clock, log, name }: Parts): Promise<Memory> {
  const [{ createMemoryBus }, { createMemoryCache }, { createMemoryLocks }, { createMemoryLimiter }, { createSqliteQueue }] =
    await Promise.all([
      import('#server/adapters/bus/memory-bus.ts'),
      import('#server/adapters/cache/memory-cache.ts'),
      import('#server/adapters/locks/memory-locks.ts'),
      import('#server/adapters/limiter/memory-limiter.ts'),
      import('#server/adapters/queue/sqlite-queue.ts'),
    ])
  const opened = {
    bus: createMemoryBus({ log }),
    cache: createMemoryCache({ clock, maxBytes: config.limits.cacheMemory }),
    locks: createMemoryLocks({ clock }),
    limiter: createMemoryLimiter({ clock }),
    queue: createSqliteQueue({ db, clock, name }),
  }
  return { ...opened, probes: {}, [Symbol.asyncDispose]: () => close(opened) }
}

/** How long a start waits for Redis before it says that it is not there. */
const redisPatienceMs = 10_000

async function openShared({ config, clock, log, name, redisSlowMs }: Parts): Promise<Memory> {
  const [
    { RedisLine },
    { redisKeys },
    { openRedisBus },
    { openRedisCache },
    { openRedisLocks },
    { createRedisLimiter },
    { createRedisQueue },
  ] = await Promise.all([
    import('#server/adapters/redis/line.ts'),
    import('#server/adapters/redis/keys.ts'),
    import('#server/adapters/bus/redis-bus.ts'),
    import('#server/adapters/cache/redis-cache.ts'),
    import('#server/adapters/locks/redis-locks.ts'),
    import('#server/adapters/limiter/redis-limiter.ts'),
    import('#server/adapters/queue/redis-queue.ts'),
  ])
  await using stack = new AsyncDisposableStack()
  const keys = redisKeys(config.redis.prefix)
  const line = stack.adopt(
    new RedisLine({ url: config.redis.url, name, clock, log, ...(redisSlowMs ? { slowMs: redisSlowMs } : {}) }),
    (made) => made.close(),
  )
  await line.whenUp(redisPatienceMs)
  const opened = {
    bus: await openRedisBus({ line, keys, log }),
    cache: await openRedisCache({ line, keys, clock, log, maxBytes: config.limits.cacheMemory }),
    locks: await openRedisLocks({ line, keys, clock }),
    limiter: createRedisLimiter({ line, keys, clock }),
    queue: createRedisQueue({ line, keys, clock, name }),
  }
  stack.defer(() => close(opened))
  const closing = stack.move()
  const redis = async () => void (await line.send(['PING']))
  return { ...opened, probes: { redis }, [Symbol.asyncDispose]: () => closing.disposeAsync() }
}

async function close(opened: { bus: Bus; cache: Cache; locks: Locks; limiter: Limiter; queue: Queue }): Promise<void> {
  await opened.queue.close()
  await opened.locks.close()
  await opened.cache.close()
  await opened.limiter.close()
  await opened.bus.close()
}
