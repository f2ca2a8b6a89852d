import { describe, expect, test } from 'vitest'
import type { Cache } from '#server/ports/cache.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { describeWith, soon } from '#server/testing/grounds.ts'
import { openRedis } from '#server/testing/parts/redis.ts'
import { openProxy } from '#server/testing/proxy.ts'
import { openLine } from '#server/testing/redis-line.ts'
import { systemClock } from '../clock/system-clock.ts'
import { redisKeys } from '../redis/keys.ts'
import { cacheContract, loadTimeoutMs, maxBytes } from './cache.contract.ts'
import { openRedisCache } from './redis-cache.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const long = { freshMs: 60_000, tags: ['film:1'] }

async function openCache(to: { url: string } | { port: number }, options: { isDeaf?: boolean } = {}) {
  const { line } = await openLine(to)
  const keys = { ...redisKeys('test'), ...(options.isDeaf ? { cacheSaid: 'a channel on which nobody speaks' } : {}) }
  const cache = await openRedisCache({ line, keys, clock: systemClock, log: createCapturedLog(), maxBytes, loadTimeoutMs })
  const dispose = async () => {
    await cache.close()
    await line.close()
  }
  return { cache, line, [Symbol.asyncDispose]: dispose }
}

/** A row in a database that counts how often it is read. */
function row<T>(value: T) {
  const at = { value, reads: 0 }
  const get = (cache: Cache, options = long) =>
    cache.get('film', options, async () => {
      at.reads++
      return at.value
    })
  return { at, get }
}

describeWith('redis')('on Redis', () => {
  cacheContract('the cache on Redis', async () => {
    const redis = await openRedis()
    const here = await openCache(redis)
    const there = await openCache(redis)
    return {
      here: here.cache,
      there: there.cache,
      async [Symbol.asyncDispose]() {
        await here[Symbol.asyncDispose]()
        await there[Symbol.asyncDispose]()
        await redis[Symbol.asyncDispose]()
      },
    }
  })

  describe('messages that are lost', () => {
    test('a node that hears nothing is not wrong for longer than a second', async () => {
      await using redis = await openRedis()
      await using here = await openCache(redis)
      await using deaf = await openCache(redis, { isDeaf: true })
      const film = row(1)
      for (let round = 1; round <= 3; round++) {
        expect(await film.get(deaf.cache)).toBe(round)
        film.at.value++
        await here.cache.invalidate('film:1')
        const startMs = performance.now()
        await expect.poll(() => film.get(deaf.cache), { interval: 10 }).toBe(round + 1)
        expect(performance.now() - startMs).toBeLessThan(soon(1000))
      }
      expect(film.at.reads).toBe(4)
    })

    test('a node whose line swallows everything answers nothing older than a second, from then on by itself', async () => {
      await using redis = await openRedis()
      await using proxy = await openProxy(redis)
      await using here = await openCache(redis)
      await using lonely = await openCache(proxy)
      const film = row(1)
      await film.get(lonely.cache)
      proxy.blackHole()
      film.at.value = 2
      await here.cache.invalidate('film:1')
      await pause(1000)
      const aloneMs = performance.now()
      for (let n = 0; n < 50; n++) {
        const startMs = performance.now()
        expect(await film.get(lonely.cache)).toBe(2)
        expect(performance.now() - startMs).toBeLessThan(soon(400))
        await pause(20)
      }
      // The first, one when the second was over, and one more for each second that the fifty took.
      expect(film.at.reads).toBeLessThanOrEqual(3 + (performance.now() - aloneMs) / 900)
    })

    test('an invalidation that could not be told is told as soon as the line stands', async () => {
      await using redis = await openRedis()
      await using proxy = await openProxy(redis)
      await using here = await openCache(redis)
      await using cut = await openCache(proxy)
      const film = row(1)
      await film.get(here.cache)
      proxy.cut()
      await expect.poll(() => cut.line.isUp).toBe(false)
      film.at.value = 2
      const startMs = performance.now()
      await cut.cache.invalidate('film:1')
      expect(performance.now() - startMs).toBeLessThan(soon(600))
      expect(await film.get(cut.cache)).toBe(2)
      proxy.restore()
      await expect.poll(() => cut.line.isUp).toBe(true)
      await expect.poll(() => film.get(here.cache)).toBe(2)
    })

    test('a process that dies between its write and its invalidation is noticed, and everything is doubted', async () => {
      await using redis = await openRedis()
      await using here = await openCache(redis)
      const doomed = await openCache(redis)
      const film = row(1)
      await film.get(here.cache)
      film.at.value = 2
      // Killed: the line ends without a word.
      await doomed.line.close()
      await expect.poll(() => film.get(here.cache)).toBe(2)
      await doomed[Symbol.asyncDispose]()
    })

    test('a process that leaves properly disturbs nobody', async () => {
      await using redis = await openRedis()
      await using here = await openCache(redis)
      const leaving = await openCache(redis)
      const film = row(1)
      await film.get(here.cache)
      await leaving[Symbol.asyncDispose]()
      await pause(4500)
      await film.get(here.cache)
      expect(film.at.reads).toBe(1)
    })
  })

  describe('a Redis that forgets', () => {
    test('[F9] after FLUSHALL in the middle of a load and a write, the old value does not land', async () => {
      await using redis = await openRedis()
      await using here = await openCache(redis)
      await using there = await openCache(redis, { isDeaf: true })
      let stored = 'old'
      const begun = Promise.withResolvers<void>()
      const gate = Promise.withResolvers<void>()
      const early = there.cache.get('film', long, async () => {
        const read = stored
        begun.resolve()
        await gate.promise
        return read
      })
      await begun.promise
      stored = 'new'
      await here.cache.invalidate('film:1')
      await redis.flush()
      gate.resolve()
      expect(await early).toBe('old')
      expect(await here.cache.get('film', long, async () => stored)).toBe('new')
      await pause(1000)
      expect(await there.cache.get('film', long, async () => stored)).toBe('new')
    })

    test('[F9] invalidations count on, whatever number a flushed Redis begins with', async () => {
      await using redis = await openRedis()
      await using here = await openCache(redis)
      await using there = await openCache(redis)
      const film = row(0)
      for (let round = 0; round < 6; round++) {
        await film.get(there.cache)
        if (round === 3) await redis.flush()
        film.at.value++
        await here.cache.invalidate('film:1')
        expect(await film.get(here.cache)).toBe(round + 1)
        await expect.poll(() => film.get(there.cache), { interval: 10 }).toBe(round + 1)
      }
    })

    test('[F9] a Redis that comes back from its file with a value that was invalidated is not believed', async () => {
      await using redis = await openRedis({ keeps: true, args: ['--appendfsync', 'no'] })
      const film = row(1)
      const first = await openCache(redis)
      await film.get(first.cache)
      await first[Symbol.asyncDispose]()
      film.at.value = 2
      // The invalidation is lost: it was acknowledged by a Redis that did not live to write it down.
      await redis.restart()
      await using later = await openCache(redis)
      expect(await film.get(later.cache)).toBe(2)
    })

    test('[F9] a restart: values are answered all the while, and afterwards they are shared again', async () => {
      await using redis = await openRedis()
      await using here = await openCache(redis)
      await using there = await openCache(redis)
      const film = row('film')
      await film.get(here.cache)
      await redis.kill()
      for (let n = 0; n < 20; n++) {
        const startMs = performance.now()
        expect(await film.get(n % 2 ? here.cache : there.cache)).toBe('film')
        expect(performance.now() - startMs).toBeLessThan(soon(400))
      }
      await redis.restart()
      await expect.poll(() => here.line.isUp && there.line.isUp).toBe(true)
      let round = 0
      const loadsOfBoth = async () => {
        const key = `after ${round++}`
        let loads = 0
        for (const { cache } of [here, there]) await cache.get(key, long, async () => ++loads)
        return loads
      }
      await expect.poll(loadsOfBoth).toBe(1)
    })
  })

  describe('loads over all processes', () => {
    test('a process that falls silent while it loads is replaced after its lease', async () => {
      await using redis = await openRedis()
      await using here = await openCache(redis)
      const doomed = await openCache(redis)
      const lost = doomed.cache.get('film', long, () => new Promise<string>(() => {}))
      lost.catch(() => {})
      await pause(100)
      await doomed.line.close()
      const startMs = performance.now()
      expect(await here.cache.get('film', long, async () => 'loaded by another')).toBe('loaded by another')
      expect(performance.now() - startMs).toBeLessThan(soon(3500))
      await doomed[Symbol.asyncDispose]()
    })

    test('a stale value is refreshed by one process, and taken over by the others', async () => {
      await using redis = await openRedis()
      await using here = await openCache(redis)
      await using there = await openCache(redis)
      const film = row(1)
      const options = { freshMs: 5000, staleMs: 60_000, tags: [] }
      await film.get(here.cache, options)
      await film.get(there.cache, options)
      await pause(5050)
      film.at.value = 2
      await Promise.all([film.get(here.cache, options), film.get(there.cache, options)])
      await expect
        .poll(() => Promise.all([film.get(here.cache, options), film.get(there.cache, options)]), { interval: 20, timeout: 4800 })
        .toEqual([2, 2])
      expect(film.at.reads).toBe(2)
    })

    test('what is too long for the line stays in its process, and the others are not held up', async () => {
      await using redis = await openRedis()
      await using here = await openCache(redis)
      const { line } = await openLine(redis)
      const big = await openRedisCache({ line, keys: redisKeys('test'), clock: systemClock, log: createCapturedLog(), maxBytes: 64 << 20 })
      let loads = 0
      const load = async () => {
        loads++
        return 'x'.repeat(2 << 20)
      }
      for (let n = 0; n < 3; n++) await big.get('big', long, load)
      expect(loads).toBe(1)
      await here.cache.get('big', long, load)
      expect(loads).toBe(2)
      await big.close()
      await line.close()
    })
  })
})
