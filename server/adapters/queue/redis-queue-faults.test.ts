import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { redisKeys } from '#server/adapters/redis/keys.ts'
import type { Queue } from '#server/ports/queue.ts'
import { describeWith, soon } from '#server/testing/grounds.ts'
import { openRedis, type RedisPart } from '#server/testing/parts/redis.ts'
import { openProxy, type Proxy } from '#server/testing/proxy.ts'
import { mustTake, newKind, takeWithin, testPace, until } from '#server/testing/queue-ground.ts'
import { openLine, type TestLine } from '#server/testing/redis-line.ts'
import { createRedisQueue } from './redis-queue.ts'

describeWith('redis')('the Redis queue on a bad line', () => {
  let redis: RedisPart
  let proxy: Proxy

  beforeAll(async () => {
    redis = await openRedis()
    proxy = await openProxy({ port: redis.port })
  })

  afterAll(async () => {
    await proxy[Symbol.asyncDispose]()
    await redis[Symbol.asyncDispose]()
  })

  async function openQueue(to: { url: string } | { port: number } = redis): Promise<Queue & AsyncDisposable> {
    const line: TestLine = await openLine(to)
    const queue = createRedisQueue({ line: line.line, keys: redisKeys('test'), clock: systemClock, name: 'test', pace: testPace })
    return Object.assign(queue, {
      async [Symbol.asyncDispose]() {
        await queue.close()
        await line[Symbol.asyncDispose]()
      },
    })
  }

  /** A line that has just been opened, or was cut, is let come up first. */
  async function insist<T>(ask: () => Promise<T>): Promise<T> {
    let answer: { value: T } | undefined
    await until('an answer', async () => {
      answer = await ask().then(
        (value) => ({ value }),
        () => undefined,
      )
      return answer !== undefined
    })
    if (!answer) throw new Error('no answer')
    return answer.value
  }

  test('[Q19] while the line is cut takers wait and adds are refused; when it stands again they are served', async () => {
    await using far = await openQueue(proxy)
    await using near = await openQueue()
    const kind = newKind()
    const taken = takeWithin(far, kind, 90_000)
    await insist(() => far.counts())
    proxy.cut()
    await until('the line is down', async () =>
      far.add(kind, { payload: 'lost' }).then(
        () => false,
        () => true,
      ),
    )
    await near.add(kind, { payload: 'kept' })
    proxy.restore()
    const held = await taken
    expect(held?.task.payload).toBe('kept')
    expect(await held?.done()).toBe(true)
    expect((await insist(() => far.add(kind, { payload: 'after' }))).isNew).toBe(true)
  })

  test('[Q19] the word of an end waits for the line, as long as the lease lasts', async () => {
    await using far = await openQueue(proxy)
    const kind = newKind()
    await insist(() => far.counts())
    const { id } = await far.add(kind, { payload: null })
    const held = await mustTake(far, kind, 20_000)
    proxy.cut()
    const done = held.done()
    await systemClock.wait(300)
    proxy.restore()
    expect(await done).toBe(true)
    expect(await insist(() => far.find(id))).toMatchObject({ state: 'done', attempt: 1 })
  })

  test('[Q6] a holder that is cut off is told when its lease ends, and is refused afterwards', async () => {
    await using far = await openQueue(proxy)
    await using near = await openQueue()
    const kind = newKind()
    await near.add(kind, { payload: null })
    const held = await mustTake(far, kind, 500)
    const other = mustTake(near, kind)
    proxy.blackHole()
    let abortedMs = Number.POSITIVE_INFINITY
    held.signal.addEventListener('abort', () => {
      abortedMs = performance.now()
    })
    const beats = setInterval(() => void held.beat(), 150)
    const next = await other
    const takenMs = performance.now()
    clearInterval(beats)
    expect(abortedMs).toBeLessThan(takenMs)
    expect(await held.done()).toBe(false)
    proxy.restore()
    expect(await next.done()).toBe(true)
  })

  test('[Q20] an emptied store is noticed, by those who ask and by those who only wait', async () => {
    await using asking = await openQueue()
    await using waiting = await openQueue()
    const kind = newKind()
    const heard = new Set<string>()
    asking.onLoss(() => heard.add('asking'))
    const end = waiting.onLoss(() => heard.add('waiting'))
    const stop = new AbortController()
    const taker = waiting.take([kind], { leaseMs: 1000, signal: stop.signal })
    await asking.add(`${kind}-other`, { payload: null })
    await until('the taker has asked', async () => (await redis.ask('KEYS', `*idle:${kind}`)) !== '')
    await redis.flush()
    await asking.add(`${kind}-other`, { payload: null })
    await until('both have heard', () => heard.size === 2)
    end()
    stop.abort()
    await taker
  })

  test('[Q20] [Q15] a store that was emptied knows again who waits, and serves him', async () => {
    await using queue = await openQueue()
    await using other = await openQueue()
    const kind = newKind()
    const taken = takeWithin(queue, kind, 90_000)
    await until('the taker has asked', async () => (await redis.ask('KEYS', `*idle:${kind}`)) !== '')
    await redis.flush()
    await other.add(kind, { payload: 'after' })
    expect((await taken)?.task.payload).toBe('after')
  })

  test('[Q7] the fencing number grows over the loss of the store', async () => {
    await using queue = await openQueue()
    const kind = newKind()
    await queue.add(kind, { key: 'k', payload: null })
    const before = await mustTake(queue, kind, 500)
    await redis.flush()
    await queue.add(kind, { key: 'k', payload: null })
    const after = await mustTake(queue, kind)
    expect(after.fence).toBeGreaterThan(before.fence)
    expect(await before.done()).toBe(false)
    expect(await after.done()).toBe(true)
  })

  test('[Q19] [Q20] a restarted Redis is found again, and is said to have forgotten', { timeout: 300_000 }, async () => {
    await using queue = await openQueue()
    const kind = newKind()
    let heard = 0
    queue.onLoss(() => heard++)
    const taken = takeWithin(queue, kind, 120_000)
    await redis.restart()
    await until('the loss is heard', () => heard > 0)
    await until('adding works', async () =>
      queue.add(kind, { payload: null }).then(
        () => true,
        () => false,
      ),
    )
    expect(await (await taken)?.done()).toBe(true)
  })

  test('[Q15] a ring for a process that has died goes to the next', async () => {
    const dead = await openQueue(proxy)
    await using queue = await openQueue()
    const kind = newKind()
    void dead.take([kind], { leaseMs: 1000, signal: new AbortController().signal })
    await until('it waits', async () => (await redis.ask('SCARD', `test:{queue}:idle:${kind}`)) === ':1')
    proxy.cut()
    const taken = takeWithin(queue, kind, 90_000)
    await until('both wait', async () => (await redis.ask('SCARD', `test:{queue}:idle:${kind}`)) === ':2')
    await until('the dead one is gone', async () => !(await redis.ask('PUBSUB', 'CHANNELS', '*')).includes(await strangerOf(kind)))
    const startMs = performance.now()
    await queue.add(kind, { payload: null })
    expect(await taken).toBeDefined()
    expect(performance.now() - startMs).toBeLessThan(soon(testPace.askMs))
    proxy.restore()
    await dead[Symbol.asyncDispose]()
  })

  /** Of those who are said to wait, one that hears nothing; else something that no channel is called. */
  async function strangerOf(kind: string): Promise<string> {
    const channels = await redis.ask('PUBSUB', 'CHANNELS', '*')
    const waiting = (await redis.ask('SMEMBERS', `test:{queue}:idle:${kind}`)).split('\n')
    return waiting.find((process) => !channels.includes(process)) ?? 'ring'
  }
})
