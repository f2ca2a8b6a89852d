import { afterAll, beforeAll } from 'vitest'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { redisKeys } from '#server/adapters/redis/keys.ts'
import { describeWith } from '#server/testing/grounds.ts'
import { openRedis, type RedisPart } from '#server/testing/parts/redis.ts'
import type { QueueGround } from '#server/testing/queue-ground.ts'
import { openLine, type TestLine } from '#server/testing/redis-line.ts'
import type { Queue } from '#server/ports/queue.ts'
import { queueContract } from './queue.contract.ts'
import { queueFaultsContract } from './queue-faults.contract.ts'
import { queueShufflesContract } from './queue-shuffles.contract.ts'
import { RedisBackend } from './redis/redis-backend.ts'
import { createRedisQueue } from './redis-queue.ts'

const keys = redisKeys('test')
const deaf = { rang() {}, rangAll() {}, cancelled() {}, lost() {} }

describeWith('redis')('the Redis queue', () => {
  let redis: RedisPart
  const lines: TestLine[] = []
  const open = async () => {
    const line = await openLine(redis)
    lines.push(line)
    return line.line
  }

  beforeAll(async () => {
    redis = await openRedis()
  })

  afterAll(async () => {
    await Promise.all(lines.map((line) => line[Symbol.asyncDispose]()))
    await redis[Symbol.asyncDispose]()
  })

  const ground = (): QueueGround => ({
    async open({ clock = systemClock, pace } = {}): Promise<Queue> {
      return createRedisQueue({ line: await open(), keys, clock, name: 'test', ...(pace ? { pace } : {}) })
    },
    openBackend: async () => new RedisBackend({ line: await open(), base: keys.queue, name: 'bare', ears: deaf }),
    childArgs: ['redis', redis.url],
  })

  queueContract('Redis', ground)
  queueFaultsContract('Redis', ground)
  queueShufflesContract('Redis', ground)
})
