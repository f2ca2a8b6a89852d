import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { openMysqlDatabase } from '#server/adapters/database/mysql/mysql-database.ts'
import { openMysqlMigrations } from '#server/adapters/database/mysql/mysql-migrations.ts'
import { openSqliteDatabase } from '#server/adapters/database/sqlite/sqlite-database.ts'
import { createRedisQueue } from '#server/adapters/queue/redis-queue.ts'
import { createSqliteQueue } from '#server/adapters/queue/sqlite-queue.ts'
import { redisKeys } from '#server/adapters/redis/keys.ts'
import type { Database, OpenDatabase } from '#server/database/database.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import type { Queue } from '#server/ports/queue.ts'
import { createCapturedLog } from './captured-log.ts'
import type { Ground } from './grounds.ts'
import { openMariadb } from './parts/mariadb.ts'
import { openRedis } from './parts/redis.ts'
import { testPace } from './queue-ground.ts'
import { openLine } from './redis-line.ts'
import { openTaskDatabase } from './task-database.ts'

export type ClosableQueue = Queue & AsyncDisposable

/** Rows and a queue, of either ground, and how a process of its own finds them. */
export type JobsGround = AsyncDisposable & {
  readonly db: Database
  openQueue(): Promise<ClosableQueue>
  /** FLUSHALL, where the queue is one that can forget. */
  readonly flush: (() => Promise<void>) | undefined
  readonly restartQueue: (() => Promise<void>) | undefined
  readonly childArgs: readonly string[]
}

export async function openJobsGround(ground: Ground): Promise<JobsGround> {
  return ground === 'embedded' ? openEmbedded() : openDistributed()
}

async function openEmbedded(): Promise<JobsGround> {
  const database = await openTaskDatabase()
  return {
    db: database.db,
    openQueue: async () => closable(createSqliteQueue({ db: database.db, clock: systemClock, name: 'test', pace: testPace })),
    flush: undefined,
    restartQueue: undefined,
    childArgs: [`sqlite:${database.path}`, ''],
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

async function openDistributed(): Promise<JobsGround> {
  await using opened = new AsyncDisposableStack()
  const mariadb = opened.use(await openMariadb())
  const redis = opened.use(await openRedis())
  {
    await using engine = await openMysqlMigrations(mariadb.url)
    await migrate(engine, { migrations })
  }
  const db = await openRowsAt(mariadb.url)
  opened.defer(() => db.close())
  const closing = opened.move()
  return {
    db,
    openQueue: () => openQueueAt(redis.url),
    flush: () => redis.flush(),
    restartQueue: () => redis.restart(),
    childArgs: [mariadb.url, redis.url],
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}

/** As `childArgs` say. */
export function openRowsAt(url: string): Promise<OpenDatabase> {
  if (url.startsWith('sqlite:')) return Promise.resolve(openSqliteDatabase({ path: url.slice('sqlite:'.length) }))
  return openMysqlDatabase({ url, replicas: [], connections: 10, maxLagMs: () => 2000, log: createCapturedLog() })
}

export async function openQueueAt(redisUrl: string, db?: Database): Promise<ClosableQueue> {
  if (db) return closable(createSqliteQueue({ db, clock: systemClock, name: 'child', pace: testPace }))
  const line = await openLine({ url: redisUrl })
  const queue = createRedisQueue({ line: line.line, keys: redisKeys('test'), clock: systemClock, name: 'test', pace: testPace })
  return closable(queue, async () => line[Symbol.asyncDispose]())
}

function closable(queue: Queue, after: () => Promise<void> = async () => {}): ClosableQueue {
  return Object.assign(queue, {
    async [Symbol.asyncDispose]() {
      await queue.close()
      await after()
    },
  })
}
