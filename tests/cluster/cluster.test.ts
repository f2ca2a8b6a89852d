import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith, times } from '#server/testing/grounds.ts'
import { type Cluster, isReady, openCluster } from './cluster.ts'
import { Visitor } from './visitor.ts'

/** Within so long after a fault people are served again, on a machine that has nothing else to do. */
const returnMs = times(100_000, 10_000)

describeWith(
  'mariadb',
  'redis',
  's3',
  'nginx',
)('six processes behind Nginx', () => {
  let cluster: Cluster
  let visitors: Visitor[]

  beforeAll(async () => {
    cluster = await openCluster()
    visitors = []
    for (const name of ['阿影', 'ada', '小王', 'grace']) visitors.push(await Visitor.enter(cluster.url, name))
  }, 360_000)
  afterAll(async () => await cluster[Symbol.asyncDispose](), 60_000)

  test('people are known everywhere, and sockets are welcomed', async () => {
    for (const visitor of visitors) {
      expect(await visitor.write()).toBe(true)
      expect(await visitor.read()).toEqual({ status: 200, number: visitor.acknowledged })
      await visitor.listen()
    }
  })

  const faults: { title: string; strike: () => Promise<void>; mend: () => Promise<void> }[] = [
    ...['api-1', 'api-2', 'realtime-1', 'scheduler', 'worker'].map((name) => ({
      title: `kill -9 of ${name}`,
      strike: () => cluster.node(name).kill(),
      mend: () => cluster.node(name).start(),
    })),
    { title: 'a restart of Redis', strike: () => cluster.ground.redis.restart(), mend: async () => {} },
    { title: 'FLUSHALL', strike: () => cluster.ground.redis.flush(), mend: async () => {} },
    {
      title: 'a replica that falls behind',
      strike: async () => await cluster.ground.mariadb.replicas[0]?.stopReplica(),
      mend: async () => await cluster.ground.mariadb.replicas[0]?.startReplica(),
    },
    {
      title: 'a replica that dies',
      strike: async () => await cluster.ground.mariadb.replicas[0]?.kill(),
      mend: async () => await cluster.ground.mariadb.replicas[0]?.restart(),
    },
  ]

  test.each(faults)(
    '[F2] $title: nothing acknowledged is lost, nobody is logged out, service returns',
    async ({ strike, mend }) => {
      const stop = new AbortController()
      const writing = visitors.map((visitor) => writeOn(visitor, stop.signal))
      await pause(500)
      await strike()
      const struckMs = performance.now()
      for (const visitor of visitors) await servedAgain(visitor, struckMs)
      stop.abort()
      await Promise.all(writing)
      await mend()
      for (const visitor of visitors) {
        const { status, number } = await visitor.read()
        expect({ name: visitor.name, status }).toEqual({ name: visitor.name, status: 200 })
        expect(number).toBeGreaterThanOrEqual(visitor.acknowledged)
        expect(number).toBeLessThanOrEqual(visitor.tried)
        await visitor.listen()
      }
    },
    600_000,
  )

  test('every process is ready at the end', async () => {
    for (const node of cluster.nodes) await expect.poll(() => isReady(node.port), { message: node.name }).toBe(true)
  })
})

async function writeOn(visitor: Visitor, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await visitor.write()
    await pause(30)
  }
}

/** Reads and writes succeed again before the time is over. */
async function servedAgain(visitor: Visitor, sinceMs: number): Promise<void> {
  for (;;) {
    const before = visitor.acknowledged
    await pause(200)
    const { status } = await visitor.read()
    if (status === 200 && visitor.acknowledged > before) return
    if (performance.now() - sinceMs > returnMs)
      throw new Error(`${visitor.name} was not served again: ${status}; ${visitor.refusals.slice(-3).join(' | ')}`)
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
