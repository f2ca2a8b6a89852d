import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { owe, oweIn } from '#server/database/outbox.ts'
import { newId } from '#server/lib/id.ts'
import { type Ground, grounds } from '#server/testing/grounds.ts'
import { type JobsGround, openJobsGround } from '#server/testing/jobs-ground.ts'
import { numberKind, startJobs } from '#server/testing/jobs-process.ts'
import { until } from '#server/testing/queue-ground.ts'
import type { TaskKind } from './task-kind.ts'

describe.each([...grounds.list])('what is owed, %s', (name: Ground) => {
  let ground: JobsGround

  beforeAll(async () => {
    ground = await openJobsGround(name)
  })

  afterAll(() => ground[Symbol.asyncDispose]())

  const rowsOf = (kind: TaskKind) => ground.db.primary.selectFrom('outbox').selectAll().where('kind', '=', kind.name).execute()
  const settled = (kind: TaskKind) => until('the rows are gone', async () => (await rowsOf(kind)).length === 0)

  test('[O1] [O5] [O6] what a commit or a transaction owes is done at once, and its row goes', async () => {
    const done: number[] = []
    const kind = numberKind(async (n) => void done.push(n))
    await using here = await startJobs(ground, { kinds: [kind] })
    await here.db.commit([owe({ kind: kind.name, payload: { n: 1 } }), { query: owe({ kind: kind.name, payload: { n: 2 } }), rows: 1 }])
    await here.db.transaction((trx) => oweIn(trx, { kind: kind.name, payload: { n: 3 } }))
    await here.db.pick<'outbox'>().commit([owe({ kind: kind.name, payload: { n: 4 } })])
    await until('all are done', () => done.length === 4)
    expect(done.toSorted()).toEqual([1, 2, 3, 4])
    await settled(kind)
  })

  test('[O1] what is not committed is not owed', async () => {
    const done: number[] = []
    const kind = numberKind(async (n) => void done.push(n))
    await using here = await startJobs(ground, { kinds: [kind] })
    const broken = here.db.transaction(async (trx) => {
      await oweIn(trx, { kind: kind.name, payload: { n: 1 } })
      throw new Error('changed my mind')
    })
    await expect(broken).rejects.toThrow('changed my mind')
    const twice = owe({ id: newId(), kind: kind.name, payload: { n: 2 } })
    await expect(here.db.commit([twice, twice])).rejects.toThrow('duplicate')
    await here.db.commit([owe({ kind: kind.name, payload: { n: 3 } })])
    await until('the owed one is done', () => done.length === 1)
    expect(done).toEqual([3])
  })

  test('[O6] what a process that has died owed is done by another within seconds', async () => {
    const done: number[] = []
    const kind = numberKind(async (n) => void done.push(n))
    await ground.db.commit([owe({ kind: kind.name, payload: { n: 1 } })])
    await using _ = await startJobs(ground, { kinds: [kind] })
    await until('it is done', () => done.length === 1)
    await ground.db.commit([owe({ kind: kind.name, payload: { n: 2 } })])
    await until('it is done', () => done.length === 2)
    await settled(kind)
  })

  test('[O3] alike rows that are owed before the run share it', async () => {
    const done: number[] = []
    const kind = numberKind(async (n) => void done.push(n), { concurrency: 4 })
    const same = () => owe({ kind: kind.name, key: 'k', payload: { n: 1 } })
    await ground.db.commit([same(), same(), same(), owe({ kind: kind.name, key: 'k', payload: { n: 2 } }), same()])
    await using _ = await startJobs(ground, { kinds: [kind] })
    await settled(kind)
    expect(done.toSorted()).toEqual([1, 2])
  })

  test('[O4] what is owed while a run of its key is under way is done after it, not beside it', async () => {
    let running = 0
    let most = 0
    const done: number[] = []
    const gates = new Map<number, PromiseWithResolvers<void>>([[1, Promise.withResolvers<void>()]])
    const kind = numberKind(
      async (n) => {
        most = Math.max(most, ++running)
        await gates.get(n)?.promise
        running--
        done.push(n)
      },
      { concurrency: 4 },
    )
    await using here = await startJobs(ground, { kinds: [kind] })
    await here.db.commit([owe({ kind: kind.name, key: 'k', payload: { n: 1 } })])
    await until('it runs', () => running === 1)
    await here.db.commit([owe({ kind: kind.name, key: 'k', payload: { n: 1 } })])
    await here.db.commit([owe({ kind: kind.name, key: 'k', payload: { n: 2 } })])
    await until('they wait', async () => (await rowsOf(kind)).filter((row) => row.ring_ms > 0 && row.task_id === null).length === 2)
    expect(done).toEqual([])
    gates.get(1)?.resolve()
    await until('all are done', () => done.length === 3)
    expect(done.toSorted()).toEqual([1, 1, 2])
    expect(most).toBe(1)
    await settled(kind)
  })

  test('[O5] the row of a parked task stays, and goes with it', async () => {
    const kind = numberKind(async () => Promise.reject(new Error('no')), { maxAttempts: 1 })
    await using here = await startJobs(ground, { kinds: [kind] })
    await here.db.commit([owe({ kind: kind.name, payload: { n: 1 } })])
    const parked = () => here.queue.list({ kind: kind.name, state: 'parked' })
    await until('it is parked', async () => (await parked()).items.length === 1)
    expect((await rowsOf(kind)).length).toBe(1)
    const [task] = (await parked()).items
    await here.overview.cancel(task?.id ?? '')
    expect(await rowsOf(kind)).toEqual([])
    expect((await here.queue.find(task?.id ?? ''))?.state).toBe('cancelled')
  })

  test('[O1] a row that outlived its finished task goes without a second run', async () => {
    const done: number[] = []
    const kind = numberKind(async (n) => void done.push(n))
    await using here = await startJobs(ground, { kinds: [kind] })
    const id = newId()
    await here.queue.add(kind.name, { id, payload: { n: 1 } })
    await until('it is done', async () => (await here.queue.find(id))?.state === 'done')
    await here.db.commit([owe({ id, kind: kind.name, payload: { n: 1 } })])
    await settled(kind)
    expect(done).toEqual([1])
  })

  if (name === 'embedded') return

  test('[O2] a queue that was emptied is told everything again', async () => {
    const done: number[] = []
    const kind = numberKind(async (n) => void done.push(n), { concurrency: 20 })
    await using here = await startJobs(ground, { kinds: [kind] })
    await here.queue.pause(kind.name)
    await here.db.commit(Array.from({ length: 50 }, (_, n) => owe({ kind: kind.name, payload: { n } })))
    await until('all are handed over', async () => (await here.queue.counts())[kind.name]?.waiting === 50)
    await ground.flush?.()
    await until('all are done', () => done.length >= 50)
    expect(new Set(done).size).toBe(50)
    await settled(kind)
  })

  test('[O2] a queue that comes back empty after a restart is told everything again', { timeout: 300_000 }, async () => {
    const done: number[] = []
    const kind = numberKind(async (n) => void done.push(n), { concurrency: 20 })
    await using here = await startJobs(ground, { kinds: [kind] })
    await here.queue.pause(kind.name)
    await here.db.commit(Array.from({ length: 50 }, (_, n) => owe({ kind: kind.name, payload: { n } })))
    await until('all are handed over', async () => (await here.queue.counts())[kind.name]?.waiting === 50)
    await ground.restartQueue?.()
    await here.db.commit([owe({ kind: kind.name, payload: { n: 50 } })])
    await until('all are done', () => done.length >= 51)
    expect(new Set(done).size).toBe(51)
    await settled(kind)
  })
})
