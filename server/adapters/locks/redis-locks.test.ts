import { expect, test } from 'vitest'
import type { Lock } from '#server/ports/locks.ts'
import { describeWith, soon } from '#server/testing/grounds.ts'
import { startProcess, until } from '#server/testing/parts/part-process.ts'
import { openRedis } from '#server/testing/parts/redis.ts'
import { openProxy } from '#server/testing/proxy.ts'
import { openLine } from '#server/testing/redis-line.ts'
import { systemClock } from '../clock/system-clock.ts'
import { redisKeys } from '../redis/keys.ts'
import { locksContract } from './locks.contract.ts'
import { openRedisLocks } from './redis-locks.ts'

const keys = redisKeys('test')
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function openLocks(to: { url: string } | { port: number }) {
  const { line } = await openLine(to)
  const locks = await openRedisLocks({ line, keys, clock: systemClock })
  const dispose = async () => {
    await locks.close()
    await line.close()
  }
  return { locks, line, [Symbol.asyncDispose]: dispose }
}

async function hold(lock: Promise<Lock | undefined>): Promise<Lock> {
  const held = await lock
  if (!held) throw new Error('Somebody else holds it.')
  return held
}

const lossOf = (lock: Lock) =>
  new Promise<number>((resolve) => lock.lost.addEventListener('abort', () => resolve(performance.now()), { once: true }))

const holderProcess = `
  import { openRedisLocks } from '#server/adapters/locks/redis-locks.ts'
  import { RedisLine } from '#server/adapters/redis/line.ts'
  import { redisKeys } from '#server/adapters/redis/keys.ts'
  import { systemClock as clock } from '#server/adapters/clock/system-clock.ts'
  const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log }
  const line = new RedisLine({ url: process.argv[1], name: 'holder', clock, log })
  await line.whenUp(60_000)
  const locks = await openRedisLocks({ line, keys: redisKeys('test'), clock })
  const lock = await locks.acquire('film', { leaseMs: 3000 })
  console.log('fence', lock.fence)
  setInterval(() => {}, 1000)
`

describeWith('redis')('on Redis', () => {
  locksContract('the locks on Redis', async () => {
    const redis = await openRedis()
    const here = await openLocks(redis)
    const there = await openLocks(redis)
    return {
      here: here.locks,
      there: there.locks,
      async [Symbol.asyncDispose]() {
        await here[Symbol.asyncDispose]()
        await there[Symbol.asyncDispose]()
        await redis[Symbol.asyncDispose]()
      },
    }
  })

  test('a holder that is killed keeps the lock for its lease and no longer; the next number is higher', async () => {
    await using redis = await openRedis()
    await using here = await openLocks(redis)
    const holder = startProcess(process.execPath, ['--input-type=module', '-e', holderProcess, redis.url])
    await until(async () => holder.output().includes('fence'), { what: 'the lock of the other process', processes: [holder] })
    await pause(3500)
    expect(await here.locks.acquire('film', { leaseMs: 1000 })).toBeUndefined()
    await holder.kill()
    const startMs = performance.now()
    const lock = await hold(here.locks.acquire('film', { leaseMs: 1000, waitMs: 60_000 }))
    expect(performance.now() - startMs).toBeLessThan(soon(3500))
    expect(lock.fence).toBeGreaterThan(Number(/fence (\d+)/.exec(holder.output())?.[1]))
  })

  test.each([
    ['restarted', (redis: Awaited<ReturnType<typeof openRedis>>) => redis.restart()],
    ['flushed', (redis: Awaited<ReturnType<typeof openRedis>>) => redis.flush()],
  ])('[F9] when Redis is %s the holder learns that its lock is gone, and the next number is higher all the same', async (_, forget) => {
    await using redis = await openRedis()
    await using here = await openLocks(redis)
    await using there = await openLocks(redis)
    const lock = await hold(here.locks.acquire('film', { leaseMs: 3000 }))
    const loss = lossOf(lock)
    const startMs = performance.now()
    await forget(redis)
    const next = await hold(there.locks.acquire('film', { leaseMs: 3000, waitMs: 60_000 }))
    expect((await loss) - startMs).toBeLessThan(soon(3000))
    expect(next.fence).toBeGreaterThan(lock.fence)
    // What comes late from the one who lost it does not free the other's.
    await lock.release()
    expect(await here.locks.acquire('film', { leaseMs: 3000 })).toBeUndefined()
  })

  test('the number grows even when Redis forgets everything while its clock has been set back', async () => {
    await using redis = await openRedis()
    await using here = await openLocks(redis)
    const ahead = 8_000_000_000_000_000
    await redis.ask('SET', keys.lockFence, String(ahead))
    const lock = await hold(here.locks.acquire('film', { leaseMs: 1000 }))
    expect(lock.fence).toBe(ahead + 1)
    await redis.flush()
    const next = await hold(here.locks.acquire('another film', { leaseMs: 1000 }))
    expect(next.fence).toBe(ahead + 2)
  })

  test('[F8] when the clock of Redis leaps and the lease ends early, the holder learns of it at the next renewal', async () => {
    await using redis = await openRedis()
    await using here = await openLocks(redis)
    await using there = await openLocks(redis)
    const lock = await hold(here.locks.acquire('film', { leaseMs: 1500 }))
    const loss = lossOf(lock)
    const startMs = performance.now()
    await redis.ask('PEXPIRE', keys.lock('film'), '0')
    const next = await hold(there.locks.acquire('film', { leaseMs: 1500, waitMs: 60_000 }))
    expect(next.fence).toBeGreaterThan(lock.fence)
    expect((await loss) - startMs).toBeLessThan(soon(800))
  })

  test('a holder whose line swallows everything fears its loss before another can hold the lock', async () => {
    await using redis = await openRedis()
    await using proxy = await openProxy(redis)
    await using here = await openLocks(proxy)
    await using there = await openLocks(redis)
    const lock = await hold(here.locks.acquire('film', { leaseMs: 1500 }))
    const loss = lossOf(lock)
    proxy.blackHole()
    const next = await hold(there.locks.acquire('film', { leaseMs: 1500, waitMs: 60_000 }))
    const takenMs = performance.now()
    expect(await loss).toBeLessThan(takenMs)
    expect(next.fence).toBeGreaterThan(lock.fence)
  })

  test('a break that is shorter than the lease loses nothing', async () => {
    await using redis = await openRedis()
    await using proxy = await openProxy(redis)
    await using here = await openLocks(proxy)
    const lock = await hold(here.locks.acquire('film', { leaseMs: 15_000 }))
    proxy.cut()
    await expect.poll(() => here.line.isUp).toBe(false)
    await pause(500)
    proxy.restore()
    await expect.poll(() => here.line.isUp).toBe(true)
    // Renewed over the new line: it has longer to live than a moment ago.
    let lifeMs = Number.POSITIVE_INFINITY
    const hasGrown = async () => {
      const before = lifeMs
      lifeMs = Number((await redis.ask('PTTL', keys.lock('film'))).replace(':', ''))
      return lifeMs > before
    }
    await expect.poll(hasGrown).toBe(true)
    expect(lock.lost.aborted).toBe(false)
    await using there = await openLocks(redis)
    expect(await there.locks.acquire('film', { leaseMs: 1000 })).toBeUndefined()
  })

  test('[F9] while Redis is dead nobody can say who holds it: refused at once, or waited for', async () => {
    await using redis = await openRedis()
    await using here = await openLocks(redis)
    await redis.kill()
    const startMs = performance.now()
    await expect(here.locks.acquire('film', { leaseMs: 1000 })).rejects.toMatchObject({ kind: 'unavailable' })
    expect(performance.now() - startMs).toBeLessThan(soon(600))
    const waiting = here.locks.acquire('film', { leaseMs: 1000, waitMs: 60_000 })
    await redis.restart()
    expect(await waiting).toBeDefined()
  })

  test('giving back while Redis is dead does not throw', async () => {
    await using redis = await openRedis()
    await using here = await openLocks(redis)
    const lock = await hold(here.locks.acquire('film', { leaseMs: 60_000 }))
    await redis.kill()
    await lock.release()
    expect(lock.lost.aborted).toBe(false)
  })
})
