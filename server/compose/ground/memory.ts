import type { Config } from '#server/config/keys.ts'
import type { Database } from '#server/database/database.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Limiter } from '#server/ports/limiter.ts'
import type { Locks } from '#server/ports/locks.ts'
import type { Log } from '#server/ports/log.ts'
import type { Queue } from '#server/ports/queue.ts'

type Parts = { config: Config; db: Database; clock: Clock; log: Log; name: string }

/** What processes share of the moment: in this one alone, or over Redis. */
export type Memory = { bus: Bus; cache: Cache; locks: Locks; limiter: Limiter; queue: Queue }

export async function openMemory(parts: Parts): Promise<Memory & AsyncDisposable> {
  const memory = await openAlone(parts)
  const close = async () => {
    await memory.queue.close()
    await memory.locks.close()
    await memory.cache.close()
    await memory.limiter.close()
    await memory.bus.close()
  }
  return { ...memory, [Symbol.asyncDispose]: close }
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
  return {
    bus: createMemoryBus({ log }),
    cache: createMemoryCache({ clock, maxBytes: config.limits.cacheMemory }),
    locks: createMemoryLocks({ clock }),
    limiter: createMemoryLimiter({ clock }),
    queue: createSqliteQueue({ db, clock, name }),
  }
}
