import { assert, asyncProperty, integer, record } from 'fast-check'
import { expect, test } from 'vitest'
import { takeByGcra } from '#server/lib/gcra.ts'
import { describeWith, soon } from '#server/testing/grounds.ts'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { openRedis } from '#server/testing/parts/redis.ts'
import { openProxy } from '#server/testing/proxy.ts'
import { openLine } from '#server/testing/redis-line.ts'
import { systemClock } from '../clock/system-clock.ts'
import { redisKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { limiterContract } from './limiter.contract.ts'
import { createMemoryLimiter } from './memory-limiter.ts'
import { createRedisLimiter } from './redis-limiter.ts'

const keys = redisKeys('test')

async function openLimiter(to: { url: string } | { port: number }) {
  const { line } = await openLine(to)
  const limiter = createRedisLimiter({ line, keys, clock: systemClock })
  const dispose = async () => {
    await limiter.close()
    await line.close()
  }
  return { limiter, line, [Symbol.asyncDispose]: dispose }
}

describeWith('redis')('on Redis', () => {
  limiterContract('the limiter on Redis', async () => {
    const redis = await openRedis()
    const here = await openLimiter(redis)
    const there = await openLimiter(redis)
    return {
      here: here.limiter,
      there: there.limiter,
      pass: (ms) => systemClock.wait(ms),
      async [Symbol.asyncDispose]() {
        await here[Symbol.asyncDispose]()
        await there[Symbol.asyncDispose]()
        await redis[Symbol.asyncDispose]()
      },
    }
  })

  test('Redis and memory take the same decisions, whatever the limit, the costs and the moments', async () => {
    await using redis = await openRedis()
    const { line, ...opened } = await openLine(redis)
    const take = readScript(import.meta.url, 'take.lua')
    const someLimit = record({
      count: integer({ min: 1, max: 1000 }),
      periodMs: integer({ min: 1, max: 2000 }),
      burst: integer({ min: 1, max: 40 }),
    })
    let run = 0
    await assert(
      asyncProperty(someLimit, integer({ min: 1, max: 5 }), async (limit, mostCost) => {
        const key = keys.limit(`same-${run++}`)
        let held: string | undefined
        const clock = createHeldClock()
        const memory = createMemoryLimiter({ clock })
        for (let n = 0; n < 60; n++) {
          const cost = Math.min(limit.burst, n % (mostCost + 1))
          const [allowed, before, now] = (await line.call(
            take,
            [key],
            [limit.count, limit.periodMs, limit.burst, cost].map(String),
            5000,
          )) as [number, string, string]
          // The clock in memory is set to the moment at which Redis decided.
          await clock.advance(Number(now) - clock.monotonicMs())
          const here = await memory.take('key', limit, cost)
          expect(here.allowed).toBe(allowed === 1)
          const taken = takeByGcra(before === '' ? undefined : Number(before), Number(now), limit, cost)
          expect(taken.decision).toEqual(here)
          if (before !== '' && held !== undefined) expect(Number(before)).toBe(Number(held))
          if (allowed === 1 && cost > 0) held = String(taken.arrivalMs)
        }
      }),
      { numRuns: 15 },
    )
    await opened[Symbol.asyncDispose]()
  })

  test('what it keeps in Redis dies when the allowance is whole again', async () => {
    await using redis = await openRedis()
    await using opened = await openLimiter(redis)
    await opened.limiter.take('k', { count: 10, periodMs: 3_000_000 }, 2)
    const lifeMs = Number((await redis.ask('PTTL', keys.limit('k'))).replace(':', ''))
    expect(lifeMs).toBeGreaterThan(300_000)
    expect(lifeMs).toBeLessThan(700_000)
  })

  test('[F9] while Redis is dead each process limits by itself, at once, and it recovers by itself', async () => {
    await using redis = await openRedis()
    await using opened = await openLimiter(redis)
    const limit = { count: 5, periodMs: 60_000 }
    await redis.kill()
    const startMs = performance.now()
    const decisions = []
    for (let n = 0; n < 100; n++) decisions.push(await opened.limiter.take('k', limit))
    expect(performance.now() - startMs).toBeLessThan(soon(1000))
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(5)
    await redis.restart()
    await expect.poll(() => opened.line.isUp).toBe(true)
    await opened.limiter.take('after', limit)
    expect(await redis.ask('EXISTS', keys.limit('after'))).toBe(':1')
  })

  test('[F9] a slow or silent Redis delays nobody for longer than its limit, and only the first', async () => {
    await using redis = await openRedis()
    await using proxy = await openProxy(redis)
    await using opened = await openLimiter(proxy)
    const limit = { count: 5, periodMs: 60_000 }
    for (const worsen of [() => proxy.delay(400), () => proxy.blackHole()]) {
      worsen()
      const startMs = performance.now()
      for (let n = 0; n < 50; n++) await opened.limiter.take('k', limit)
      expect(performance.now() - startMs).toBeLessThan(soon(900))
      expect(await opened.limiter.take('k', limit)).toMatchObject({ allowed: false })
      proxy.delay(0)
      proxy.restore()
      await expect.poll(() => opened.line.isUp).toBe(true)
    }
  })

  test('[F9] a flushed Redis forgets what was taken and knows the script again', async () => {
    await using redis = await openRedis()
    await using opened = await openLimiter(redis)
    const limit = { count: 1, periodMs: 60_000 }
    await opened.limiter.take('k', limit)
    await redis.flush()
    await redis.ask('SCRIPT', 'FLUSH')
    expect(await opened.limiter.take('k', limit)).toMatchObject({ allowed: true })
    expect(await opened.limiter.take('k', limit)).toMatchObject({ allowed: false })
  })

  test('a Redis that is there and cannot serve counts as not there', async () => {
    await using redis = await openRedis()
    await using opened = await openLimiter(redis)
    await redis.ask('REPLICAOF', '127.0.0.1', '1')
    const limit = { count: 1, periodMs: 60_000 }
    expect(await opened.limiter.take('k', limit)).toMatchObject({ allowed: true })
    expect(await opened.limiter.take('k', limit)).toMatchObject({ allowed: false })
  })
})
