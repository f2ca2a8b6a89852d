import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import type { Cache } from '#server/ports/cache.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { describeWith, soon, times } from '#server/testing/grounds.ts'
import { startProcess, until } from '#server/testing/parts/part-process.ts'
import { openRedis } from '#server/testing/parts/redis.ts'
import { openProxy } from '#server/testing/proxy.ts'
import { openLine } from '#server/testing/redis-line.ts'
import { systemClock } from '../clock/system-clock.ts'
import { redisKeys } from '../redis/keys.ts'
import { openRedisCache } from './redis-cache.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Asks so many times at once, each load a call of the database that the test counts. */
const askingProcess = `
  import { openRedisCache } from '#server/adapters/cache/redis-cache.ts'
  import { RedisLine } from '#server/adapters/redis/line.ts'
  import { redisKeys } from '#server/adapters/redis/keys.ts'
  import { systemClock as clock } from '#server/adapters/clock/system-clock.ts'
  const [, redisUrl, databaseUrl, count] = process.argv
  const log = { debug() {}, info() {}, warn() {}, error: console.error, child: () => log }
  const line = new RedisLine({ url: redisUrl, name: 'asking', clock, log, slowMs: 20_000 })
  await line.whenUp(60_000)
  const cache = await openRedisCache({ line, keys: redisKeys('test'), clock, log, maxBytes: 1 << 20 })
  console.log('ready')
  await (await fetch(databaseUrl + '/start')).text()
  const load = async () => (await fetch(databaseUrl + '/row')).json()
  const values = await Promise.all(Array.from({ length: Number(count) }, () => cache.get('film', { freshMs: 60_000, tags: ['film:1'] }, load)))
  console.log('answers', values.length, JSON.stringify([...new Set(values.map((value) => JSON.stringify(value)))]))
  await cache.close()
  await line.close()
`

/** A database that is slow, and a starting line at which all processes wait for each other. */
async function openDatabase(processes: number) {
  let reads = 0
  const waiting: (() => void)[] = []
  const server = createServer((request, response) => {
    if (request.url === '/row') {
      reads++
      setTimeout(() => response.end(JSON.stringify({ title: '悲情城市', reads })), 300)
      return
    }
    waiting.push(() => response.end('go'))
    if (waiting.length === processes) for (const go of waiting) go()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { url: `http://127.0.0.1:${port}`, reads: () => reads, [Symbol.asyncDispose]: close }
}

describeWith('redis')('a crowd', () => {
  test('500 who ask at once in 3 processes, everything cold, reach the database once', async () => {
    await using redis = await openRedis()
    await using database = await openDatabase(3)
    const args = (count: number) => ['--input-type=module', '-e', askingProcess, redis.url, database.url, String(count)]
    const asking = [167, 167, 166].map((count) => startProcess(process.execPath, args(count)))
    await until(async () => asking.every((each) => each.output().includes('answers')), { what: 'the answers' })
    expect(asking.map((each) => Number(/answers (\d+)/.exec(each.output())?.[1])).reduce((sum, n) => sum + n)).toBe(500)
    for (const each of asking) expect(each.output()).toContain('["{\\"title\\":\\"悲情城市\\",\\"reads\\":1}"]')
    expect(database.reads()).toBe(1)
    await Promise.all(asking.map((each) => each.kill()))
  })

  test('whatever breaks, no reader is a second behind the writers, and none behind its own process', async () => {
    await using redis = await openRedis()
    await using proxy = await openProxy(redis)
    await using deaf = await openNode(redis, 'nobody speaks here')
    await using calm = await openNode(redis)
    await using shaky = await openNode(proxy)
    const nodes = [calm, shaky, deaf]
    const history = createHistory()
    const life = new AbortController()
    const weather = makeWeather(proxy, redis, life.signal)
    // The one behind the bad line reads only: while a writer cannot reach Redis, nobody else can know.
    const writing = [calm, deaf].map((node, n) => write(node.cache, n, history, life.signal))
    const reading = nodes.flatMap((node, n) => [read(node.cache, n, history, life.signal), read(node.cache, n, history, life.signal)])
    await pause(times(6000, 60_000))
    life.abort()
    await Promise.all([weather, ...writing, ...reading])
    expect(history.lateMs()).toBeLessThan(soon(1000))
    expect(history.ownLate()).toBe(0)
    expect(history.counts().writes).toBeGreaterThan(10)
    expect(history.counts().reads).toBeGreaterThan(50)
    for (const { cache } of nodes) expect(cache.figures().memoryHits).toBeGreaterThan(0)
  }, 300_000)
})

async function openNode(to: { url: string } | { port: number }, cacheSaid?: string) {
  const { line } = await openLine(to)
  const keys = { ...redisKeys('test'), ...(cacheSaid === undefined ? {} : { cacheSaid }) }
  const cache = await openRedisCache({ line, keys, clock: systemClock, log: createCapturedLog(), maxBytes: 1 << 20 })
  const dispose = async () => {
    await cache.close()
    await line.close()
  }
  return { cache, [Symbol.asyncDispose]: dispose }
}

/** Rows are numbers that only grow, so that an old answer shows how old it is. */
function createHistory() {
  const rows = new Map<string, { value: number; writtenMs: number[]; toldBy: Map<number, number> }>()
  let lateMs = 0
  let ownLate = 0
  const counts = { reads: 0, writes: 0 }
  const rowOf = (key: string) => {
    let row = rows.get(key)
    if (!row) rows.set(key, (row = { value: 0, writtenMs: [0], toldBy: new Map() }))
    return row
  }
  return {
    value: (key: string) => rowOf(key).value,
    write(key: string): number {
      const row = rowOf(key)
      row.value++
      counts.writes++
      return row.value
    },
    /** The invalidation is through: from now on its process answers nothing older, and the others in a second. */
    told(key: string, node: number, value: number): void {
      const row = rowOf(key)
      row.writtenMs[value] = performance.now()
      row.toldBy.set(node, Math.max(row.toldBy.get(node) ?? 0, value))
    },
    ownBefore: (key: string, node: number) => rowOf(key).toldBy.get(node) ?? 0,
    read(key: string, seen: { value: number; startMs: number; ownBefore: number }): void {
      counts.reads++
      const newer = rowOf(key).writtenMs[seen.value + 1]
      if (newer !== undefined) lateMs = Math.max(lateMs, seen.startMs - newer)
      if (seen.value < seen.ownBefore) ownLate++
    },
    lateMs: () => lateMs,
    ownLate: () => ownLate,
    counts: () => counts,
  }
}

type History = ReturnType<typeof createHistory>
const keyNames = ['a', 'b', 'c', 'd']
const someKey = () => keyNames[Math.floor(Math.random() * keyNames.length)] ?? 'a'

async function write(cache: Cache, node: number, history: History, signal: AbortSignal): Promise<void> {
  const index = node === 0 ? 0 : 2
  while (!signal.aborted) {
    const key = someKey()
    const value = history.write(key)
    await cache.invalidate(key)
    history.told(key, index, value)
    await pause(Math.random() * 200)
  }
}

async function read(cache: Cache, node: number, history: History, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const key = someKey()
    const startMs = performance.now()
    const ownBefore = history.ownBefore(key, node)
    const load = async () => {
      const value = history.value(key)
      // What was read is on its way for a while: that is when a write passes it.
      await pause(Math.random() * 40)
      return value
    }
    const value = await cache.get(key, { freshMs: 60_000, staleMs: 60_000, tags: [key] }, load)
    history.read(key, { value, startMs, ownBefore })
    await pause(Math.random() * 8)
  }
}

async function makeWeather(
  proxy: Awaited<ReturnType<typeof openProxy>>,
  redis: Awaited<ReturnType<typeof openRedis>>,
  signal: AbortSignal,
): Promise<void> {
  const evils = [proxy.blackHole, proxy.cut, proxy.drop, () => proxy.delay(150), redis.flush].map((evil) => async () => evil())
  for (let n = 0; !signal.aborted; n++) {
    await pause(300)
    await evils[n % evils.length]?.()
    await pause(200 + Math.random() * 900)
    proxy.delay(0)
    proxy.restore()
  }
}
