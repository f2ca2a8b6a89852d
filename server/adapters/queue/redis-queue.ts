import type { Clock } from '#server/ports/clock.ts'
import type { Queue } from '#server/ports/queue.ts'
import type { RedisKeys } from '../redis/keys.ts'
import type { RedisLine } from '../redis/line.ts'
import { LeaseQueue, type QueuePace } from './leases.ts'
import { RedisBackend } from './redis/redis-backend.ts'

export type RedisQueueParts = {
  line: RedisLine
  keys: Pick<RedisKeys, 'queue'>
  clock: Clock
  /** Of this process, for people. */
  name: string
  pace?: Partial<QueuePace>
}

/** The queue of a Matinee of many processes. Closing it leaves the line open. */
export function createRedisQueue({ line, keys, clock, name, pace }: RedisQueueParts): Queue {
  return new LeaseQueue({
    open: (ears) => new RedisBackend({ line, base: keys.queue, name, ears }),
    clock,
    ...(pace ? { pace } : {}),
  })
}
