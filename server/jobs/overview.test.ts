import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ground, grounds } from '#server/testing/grounds.ts'
import { type JobsGround, openJobsGround } from '#server/testing/jobs-ground.ts'
import { numberKind, startJobs } from '#server/testing/jobs-process.ts'
import { until } from '#server/testing/queue-ground.ts'

describe.each([...grounds.list])('what admins see and do, %s', (name: Ground) => {
  let ground: JobsGround

  beforeAll(async () => {
    ground = await openJobsGround(name)
  })

  afterAll(() => ground[Symbol.asyncDispose]())

  test('kinds are listed with their counts, those included that nothing was ever added of', async () => {
    const idle = numberKind(async () => {}, { overAll: 3 })
    const busy = numberKind(async () => Promise.reject(new Error('no')), { maxAttempts: 1 })
    await using here = await startJobs(ground, { kinds: [idle, busy] })
    await here.tasks.add(busy.name, { n: 1 })
    const viewOf = async (kind: string) => (await here.overview.kinds()).find((view) => view.kind === kind)
    await until('it is parked', async () => (await viewOf(busy.name))?.counts.parked === 1)
    expect(await viewOf(idle.name)).toEqual({
      kind: idle.name,
      isPaused: false,
      overAll: 3,
      counts: { waiting: 0, delayed: 0, running: 0, done: 0, parked: 0, cancelled: 0 },
    })
    await here.overview.pause(idle.name)
    expect((await viewOf(idle.name))?.isPaused).toBe(true)
    await here.overview.resume(idle.name)
    expect((await viewOf(idle.name))?.isPaused).toBe(false)
    await expect(here.overview.pause('test.none')).rejects.toMatchObject({ kind: 'not_found', code: 'tasks.no_kind' })
  })

  test('all tasks of a kind are walked page by page: first what needs a person, last what is done', async () => {
    const gate = Promise.withResolvers<void>()
    const kind = numberKind(
      async (n) => {
        if (n < 2) throw new Error('no')
        if (n === 4) await gate.promise
      },
      { maxAttempts: 1, concurrency: 1 },
    )
    await using here = await startJobs(ground, { kinds: [kind] })
    for (let n = 0; n < 9; n++) await here.tasks.add(kind.name, { n })
    await here.tasks.add(kind.name, { n: 9 }, { notBeforeMs: Date.now() + 60_000 })
    await until('the fifth runs', () => here.running()[kind.name] === 1)
    await until('the fifth runs', async () => (await here.queue.counts())[kind.name]?.done === 2)
    const seen: [string, unknown][] = []
    for (let after: string | undefined; ; ) {
      const page = await here.overview.list({ kind: kind.name, limit: 3, ...(after === undefined ? {} : { after }) })
      expect(page.items.length).toBeLessThanOrEqual(3)
      seen.push(...page.items.map((task): [string, unknown] => [task.state, (task.payload as { n: number }).n]))
      if (page.next === undefined) break
      after = page.next
    }
    const states = seen.map(([state]) => state)
    expect(states).toEqual(['parked', 'parked', 'running', 'waiting', 'waiting', 'waiting', 'waiting', 'delayed', 'done', 'done'])
    expect(seen.map(([, n]) => n)).toEqual([1, 0, 4, 5, 6, 7, 8, 9, 3, 2])
    await expect(here.overview.list({ after: 'nonsense:' })).rejects.toMatchObject({ kind: 'invalid', code: 'tasks.cursor' })
    gate.resolve()
  })

  test('what the present state does not allow is refused, and what is not there is not found', async () => {
    const kind = numberKind(async () => {})
    await using here = await startJobs(ground, { kinds: [kind] })
    const { id } = await here.tasks.add(kind.name, { n: 1 })
    await until('it is done', async () => (await here.tasks.find(id))?.state === 'done')
    for (const act of ['runNow', 'cancel'] as const) {
      await expect(here.overview[act](id)).rejects.toMatchObject({ kind: 'conflict', code: 'tasks.other_state' })
      await expect(here.overview[act]('nobody')).rejects.toMatchObject({ kind: 'not_found', code: 'tasks.not_found' })
    }
    await expect(here.overview.setPriority(id, 5)).rejects.toMatchObject({ code: 'tasks.other_state' })
    await expect(here.overview.get('nobody')).rejects.toMatchObject({ code: 'tasks.not_found' })
    expect(await here.overview.get(id)).toMatchObject({ id, state: 'done' })
  })

  test('a parked task can be run again, and its priority be changed while it waits', async () => {
    let isBroken = true
    const kind = numberKind(
      async () => {
        if (isBroken) throw new Error('no')
      },
      { maxAttempts: 1 },
    )
    await using here = await startJobs(ground, { kinds: [kind] })
    const { id } = await here.tasks.add(kind.name, { n: 1 })
    await until('it is parked', async () => (await here.tasks.find(id))?.state === 'parked')
    isBroken = false
    await here.overview.pause(kind.name)
    await here.overview.runNow(id)
    await here.overview.setPriority(id, 7)
    expect(await here.overview.get(id)).toMatchObject({ state: 'waiting', priority: 7 })
    await here.overview.resume(kind.name)
    await until('it is done', async () => (await here.tasks.find(id))?.state === 'done')
  })
})
