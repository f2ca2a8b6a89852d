import { expect, test } from 'vitest'
import type { Json } from '#server/lib/json.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { describeWith, soon } from '#server/testing/grounds.ts'
import { openRedis } from '#server/testing/parts/redis.ts'
import { openProxy } from '#server/testing/proxy.ts'
import { openLine } from '#server/testing/redis-line.ts'
import { redisKeys } from '../redis/keys.ts'
import { busContract } from './bus.contract.ts'
import { openRedisBus } from './redis-bus.ts'

const keys = redisKeys('test')

async function openBus(to: { url: string } | { port: number }, log = createCapturedLog()) {
  const opened = await openLine(to, { log })
  const bus = await openRedisBus({ line: opened.line, keys, log })
  const dispose = async () => {
    await bus.close()
    await opened.line.close()
  }
  return { bus, line: opened.line, [Symbol.asyncDispose]: dispose }
}

function listen() {
  const heard: Json[] = []
  let gaps = 0
  return {
    heard,
    gaps: () => gaps,
    ears: [
      (message: Json) => void heard.push(message),
      () => {
        gaps++
      },
    ] as const,
  }
}

describeWith('redis')('on Redis', () => {
  busContract('the bus on Redis', async (log) => {
    const redis = await openRedis()
    const here = await openBus(redis, log)
    const there = await openBus(redis, log)
    return {
      here: here.bus,
      there: there.bus,
      async [Symbol.asyncDispose]() {
        await here[Symbol.asyncDispose]()
        await there[Symbol.asyncDispose]()
        await redis[Symbol.asyncDispose]()
      },
    }
  })

  test('[F9] after a restart of Redis everybody gets a gap, and hears again', async () => {
    await using redis = await openRedis()
    await using here = await openBus(redis)
    await using there = await openBus(redis)
    const listener = listen()
    await there.bus.subscribe('news', ...listener.ears)
    await redis.restart()
    await expect.poll(listener.gaps).toBeGreaterThan(0)
    await expect.poll(() => here.line.isUp).toBe(true)
    await here.bus.publish('news', 'after')
    await expect.poll(() => listener.heard).toEqual(['after'])
  })

  test("[F9] while Redis is dead, publishing takes no time, one's own process hears, and a new subscription counts once Redis is back", async () => {
    await using redis = await openRedis()
    await using here = await openBus(redis)
    await using there = await openBus(redis)
    await redis.kill()
    const own = listen()
    const other = listen()
    await here.bus.subscribe('news', ...own.ears)
    await there.bus.subscribe('news', ...other.ears)
    const startMs = performance.now()
    for (let n = 0; n < 100; n++) await here.bus.publish('news', n)
    expect(performance.now() - startMs).toBeLessThan(soon(1000))
    expect(own.heard).toHaveLength(100)
    await redis.restart()
    await expect.poll(other.gaps).toBeGreaterThan(0)
    await expect.poll(() => here.line.isUp).toBe(true)
    await here.bus.publish('news', 'back')
    await expect.poll(() => other.heard).toEqual(['back'])
  })

  test("when only the sender's line broke, those who heard nothing get a gap all the same", async () => {
    await using redis = await openRedis()
    await using proxy = await openProxy(redis)
    await using here = await openBus(proxy)
    await using there = await openBus(redis)
    const meant = listen()
    const unconcerned = listen()
    await there.bus.subscribe('news', ...meant.ears)
    await there.bus.subscribe('weather', ...unconcerned.ears)
    proxy.cut()
    await expect.poll(() => here.line.isUp).toBe(false)
    await here.bus.publish('news', 'lost')
    proxy.restore()
    await expect.poll(meant.gaps).toBeGreaterThan(0)
    expect(meant.heard).toEqual([])
    expect(unconcerned.gaps()).toBe(0)
  })

  test('[F7] a line that swallows everything holds no sender for longer than its limit, and is replaced', async () => {
    await using redis = await openRedis()
    await using proxy = await openProxy(redis)
    await using here = await openBus(proxy)
    const listener = listen()
    await here.bus.subscribe('news', ...listener.ears)
    proxy.blackHole()
    const startMs = performance.now()
    await here.bus.publish('news', 1)
    expect(performance.now() - startMs).toBeLessThan(soon(600))
    expect(listener.heard).toEqual([1])
    await expect.poll(() => proxy.attempts).toBeGreaterThan(1)
    proxy.restore()
    await expect.poll(listener.gaps).toBeGreaterThan(0)
  })

  test('a Redis that is frozen and goes on is only slow: nothing was missed, there is no gap', async () => {
    await using redis = await openRedis()
    await using here = await openBus(redis)
    await using there = await openBus(redis)
    const listener = listen()
    await there.bus.subscribe('news', ...listener.ears)
    redis.freeze()
    await new Promise((resolve) => setTimeout(resolve, 800))
    redis.resume()
    await expect.poll(() => here.line.isUp).toBe(true)
    await here.bus.publish('news', 1)
    await expect.poll(() => listener.heard).toEqual([1])
    expect(listener.gaps()).toBe(0)
  })

  test('two cinemas on one Redis do not hear each other', async () => {
    await using redis = await openRedis()
    await using ours = await openBus(redis)
    await using theirs = await openLine(redis)
    const theirBus = await openRedisBus({ line: theirs.line, keys: redisKeys('other'), log: createCapturedLog() })
    const listener = listen()
    await theirBus.subscribe('news', ...listener.ears)
    await ours.bus.publish('news', 'ours')
    await theirBus.publish('news', 'theirs')
    expect(listener.heard).toEqual(['theirs'])
    await theirBus.close()
  })
})
