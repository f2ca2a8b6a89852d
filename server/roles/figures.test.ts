import { expect, test } from 'vitest'
import { openDistributedGround, settingsForHouse } from '#server/testing/distributed-ground.ts'
import { describeWith, grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { joinAsOwner } from '#server/testing/visitors.ts'

async function figuresOf(matinee: TestMatinee): Promise<Map<string, number>> {
  const { text } = await matinee.inject({ path: '/metrics' })
  const readings = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(readings.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
}

test.each(grounds.list)(
  'figures tell of the cache and of the queue, %s',
  async (ground) => {
    await using matinee = await startMatinee(ground)
    const owner = await joinAsOwner(matinee)
    const asked = async () => {
      const figures = await figuresOf(matinee)
      return ['memory', 'shared', 'load'].map((from) => figures.get(`matinee_cache_requests_total{from="${from}"}`) ?? Number.NaN)
    }
    const [memory = 0, shared = 0, load = 0] = await asked()
    for (let n = 0; n < 3; n++) expect((await owner.call('GET', '/api/admin/figures')).status).toBe(200)
    const [memoryNow = 0, sharedNow = 0, loadNow = 0] = await asked()
    expect(loadNow).toBeGreaterThan(load)
    expect(memoryNow + sharedNow + loadNow - memory - shared - load).toBeGreaterThanOrEqual(3)
    expect((await figuresOf(matinee)).get('matinee_cache_bytes')).toBeGreaterThan(0)
    const name = 'storage.sweep_uploads'
    // The scheduler writes its chores down in the first moments.
    await expect.poll(async () => (await owner.call('POST', `/api/admin/chores/${name}/run`)).status).toBeLessThan(300)
    const told = async () => (await figuresOf(matinee)).get(`matinee_tasks{kind="${name}",state="done"}`)
    await expect.poll(told).toBeGreaterThanOrEqual(1)
  },
  300_000,
)

describeWith(
  'mariadb',
  'redis',
  's3',
)('figures of replicas', () => {
  test('tell which is left out, and how late it is', async () => {
    await using ground = await openDistributedGround()
    await using matinee = await startMatinee('distributed', { set: await settingsForHouse(ground) })
    const [replica] = ground.mariadb.replicas
    const name = `{replica="127.0.0.1:${replica?.port}"}`
    const inUse = async () => (await figuresOf(matinee)).get(`matinee_database_replica_in_use${name}`)
    await expect.poll(inUse).toBe(1)
    await replica?.stopReplica()
    await expect.poll(inUse).toBe(0)
    await expect.poll(async () => (await figuresOf(matinee)).get(`matinee_database_replica_lag_seconds${name}`) ?? 0).toBeGreaterThan(1)
    await replica?.startReplica()
    await expect.poll(inUse).toBe(1)
  })
})
