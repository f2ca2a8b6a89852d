import { createNodeRedisClient, Queue as BullQueue, Worker } from 'bullmq'
import { createClient } from 'redis'
import { systemClock } from '../../server/adapters/clock/system-clock.ts'
import { createRedisQueue } from '../../server/adapters/queue/redis-queue.ts'
import { createSqliteQueue } from '../../server/adapters/queue/sqlite-queue.ts'
import { redisKeys } from '../../server/adapters/redis/keys.ts'
import type { Queue } from '../../server/ports/queue.ts'
import { openRedis, type RedisPart } from '../../server/testing/parts/redis.ts'
import { openLine } from '../../server/testing/redis-line.ts'
import { openTaskDatabase } from '../../server/testing/task-database.ts'
import { alternate, type Bench, type BenchTools, median, quantile, row, spreadOf } from './frame.ts'

const producers = 32
const workers = 16

/** The peer is plain BullMQ: no fencing, no limits, no durability. Ours does everything that the port promises; embedded it also syncs. */
export const bench: Bench = {
  name: 'tasks',
  about: `add, take and finish: ${producers} producers, ${workers} workers, CPU of all processes, against plain BullMQ on Redis`,
  async run(tools) {
    const redis = await openRedis()
    tools.closing(redis)
    const embedded = await openEmbedded(tools)
    const distributed = await openDistributed(tools, redis)
    const bull = await openBull(tools, redis)
    const bullDrive = (n: number) => driveBull(bull, n)
    const count = tools.short ? 500 : 8000
    const cost = (take: (count: number) => Promise<void>) => () => cpuOf(redis, count, () => take(count))
    const first = await alternate({ pairs: tools.short ? 2 : 7, ours: cost((n) => drive(embedded, n)), peer: cost(bullDrive) })
    const second = await alternate({ pairs: tools.short ? 2 : 7, ours: cost((n) => drive(distributed, n)), peer: cost(bullDrive) })
    const us = (value: number) => `${Math.round(value)} µs`
    tools.say(`CPU a task: embedded ${us(first.ours.median)}, distributed ${us(second.ours.median)}, BullMQ ${us(first.peer.median)}`)
    // In turns, so that a busy moment of the machine is everybody's.
    const looks = tools.short ? 1 : 5
    const samples = tools.short ? 50 : 80
    const waited = { near: [] as number[], far: [] as number[], peer: [] as number[] }
    for (let look = 0; look < looks; look++) {
      waited.near.push(await waits(embedded, samples))
      waited.far.push(await waits(distributed, samples))
      waited.peer.push(await waitsBull(bull, samples))
    }
    tools.say(`a free worker of BullMQ has a new task after ${median(waited.peer).toFixed(1)} ms (p95), in turns with ours`)
    return [
      row('CPU embedded over BullMQ', first.ratio, { atMost: 1 }, { unit: '×' }),
      row('CPU distributed over BullMQ', second.ratio, { atMost: 1.3 }, { unit: '×' }),
      row('a free worker has a new task after, embedded, p95', spreadOf(waited.near), { atMost: 20 }, { unit: 'ms' }),
      row('a free worker has a new task after, distributed, p95', spreadOf(waited.far), { atMost: 20 }, { unit: 'ms' }),
    ]
  },
}

/** `add` and `take` may be different processes' sights. */
type Pair = { adding: Queue; taking: Queue }
let kinds = 0

async function openEmbedded(tools: BenchTools): Promise<Pair> {
  const database = await openTaskDatabase()
  tools.closing(database)
  const queue = createSqliteQueue({ db: database.db, clock: systemClock, name: 'bench' })
  tools.closing({ [Symbol.asyncDispose]: () => queue.close() })
  return { adding: queue, taking: queue }
}

async function openDistributed(tools: BenchTools, redis: RedisPart): Promise<Pair> {
  const open = async () => {
    const line = await openLine(redis)
    tools.closing(line)
    const queue = createRedisQueue({ line: line.line, keys: redisKeys('bench'), clock: systemClock, name: 'bench' })
    tools.closing({ [Symbol.asyncDispose]: () => queue.close() })
    return queue
  }
  return { adding: await open(), taking: await open() }
}

/** Every task is added, run once, and finished; anything else voids the run. */
async function drive({ adding, taking }: Pair, count: number): Promise<void> {
  const kind = `bench-${++kinds}`
  const seen = new Set<number>()
  const stop = new AbortController()
  const work = async () => {
    for (;;) {
      const held = await taking.take([kind], { leaseMs: 30_000, signal: stop.signal })
      if (!held) return
      seen.add((held.task.payload as { n: number }).n)
      if (!(await held.done())) throw new Error('a task was lost to somebody')
      if (seen.size === count) stop.abort()
    }
  }
  const working = Array.from({ length: workers }, work)
  await produce(count, async (n) => void (await adding.add(kind, { payload: { n, videoId: `video-${n}` } })))
  await Promise.all(working)
}

type Bull = { adding: ReturnType<typeof createNodeRedisClient>; taking: ReturnType<typeof createNodeRedisClient> }

async function openBull(tools: BenchTools, redis: RedisPart): Promise<Bull> {
  const connect = async () => {
    const client = createClient({ url: redis.url })
    client.on('error', () => {})
    await client.connect()
    tools.closing({ [Symbol.asyncDispose]: async () => client.destroy() })
    return createNodeRedisClient(client)
  }
  return { adding: await connect(), taking: await connect() }
}

async function driveBull(bull: Bull, count: number): Promise<void> {
  const seen = new Set<number>()
  const all = Promise.withResolvers<void>()
  const { queue, worker } = startBull<{ n: number }>(bull, ({ n }) => {
    seen.add(n)
    if (seen.size === count) all.resolve()
  })
  await produce(count, async (n) => void (await queue.add('task', { n, videoId: `video-${n}` })))
  await all.promise
  await worker.close()
}

async function waitsBull(bull: Bull, count: number): Promise<number> {
  const tookMs: number[] = []
  const { queue, worker } = startBull<{ atMs: number }>(bull, ({ atMs }) => tookMs.push(performance.now() - atMs))
  await systemClock.wait(100)
  for (let i = 0; i < count; i++) {
    await queue.add('task', { atMs: performance.now() })
    await systemClock.wait(5)
  }
  await systemClock.wait(100)
  await worker.close()
  return quantile(tookMs, 0.95)
}

function startBull<T>({ adding, taking }: Bull, run: (data: T) => unknown) {
  const name = `bull-${++kinds}`
  const queue = new BullQueue(name, { connection: adding })
  const worker = new Worker(name, async (job: { data: T }) => void run(job.data), { connection: taking, concurrency: workers })
  worker.on('error', () => {})
  return { queue, worker }
}

async function produce(count: number, add: (n: number) => Promise<void>): Promise<void> {
  let next = 0
  const one = async () => {
    while (next < count) await add(next++)
  }
  await Promise.all(Array.from({ length: producers }, one))
}

/** Microseconds a task, of this process with its threads and of Redis. */
async function cpuOf(redis: RedisPart, count: number, act: () => Promise<void>): Promise<number> {
  const before = await redisCpuUs(redis)
  const own = process.cpuUsage()
  await act()
  const { user, system } = process.cpuUsage(own)
  return (user + system + (await redisCpuUs(redis)) - before) / count
}

async function redisCpuUs(redis: RedisPart): Promise<number> {
  const info = await redis.ask('INFO', 'cpu')
  const seconds = ['used_cpu_sys', 'used_cpu_user'].map((name) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]))
  return seconds.reduce((sum, value) => sum + value, 0) * 1e6
}

/** From before the add until a worker that was free has it. */
async function waits({ adding, taking }: Pair, count: number): Promise<number> {
  const kind = `bench-${++kinds}`
  const tookMs: number[] = []
  const stop = new AbortController()
  const work = async () => {
    for (;;) {
      const held = await taking.take([kind], { leaseMs: 30_000, signal: stop.signal })
      if (!held) return
      tookMs.push(performance.now() - (held.task.payload as { atMs: number }).atMs)
      await held.done()
    }
  }
  const working = Array.from({ length: workers }, work)
  await systemClock.wait(100)
  for (let i = 0; i < count; i++) {
    await adding.add(kind, { payload: { atMs: performance.now() } })
    await systemClock.wait(5)
  }
  await systemClock.wait(100)
  stop.abort()
  await Promise.all(working)
  if (tookMs.length !== count) throw new Error(`${tookMs.length} of ${count} tasks were taken`)
  return quantile(tookMs, 0.95)
}
