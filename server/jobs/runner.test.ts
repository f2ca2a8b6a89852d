import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { owe } from '#server/database/outbox.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Json } from '#server/lib/json.ts'
import { grounds, soon, type Ground } from '#server/testing/grounds.ts'
import { type JobsGround, openJobsGround } from '#server/testing/jobs-ground.ts'
import { type JobsProcess, numberKind, startJobs } from '#server/testing/jobs-process.ts'
import { until } from '#server/testing/queue-ground.ts'
import type { Ending } from './listener.ts'
import type { TaskContext, TaskKind } from './task-kind.ts'

describe.each([...grounds.list])('runs, %s', (name: Ground) => {
  let ground: JobsGround

  beforeAll(async () => {
    ground = await openJobsGround(name)
  })

  afterAll(() => ground[Symbol.asyncDispose]())

  const countsOf = async (here: JobsProcess, kind: TaskKind) =>
    (await here.queue.counts())[kind.name] ?? { waiting: 0, delayed: 0, running: 0, done: 0, parked: 0, cancelled: 0 }

  test('[J1] no more run at once than the kind allows, and nothing of roles that are not here', async () => {
    let running = 0
    let most = 0
    let done = 0
    const work = async () => {
      most = Math.max(most, ++running)
      await until('three at once', () => most >= 3)
      await systemClock.wait(5)
      running--
      done++
    }
    const kind = numberKind(work, { concurrency: 3 })
    const strange = numberKind(work, { role: 'scheduler' })
    await using here = await startJobs(ground, { kinds: [kind, strange], roles: ['worker'] })
    await Promise.all(Array.from({ length: 12 }, (_, n) => here.tasks.add(kind.name, { n })))
    await here.tasks.add(strange.name, { n: 0 })
    await until('all are done', async () => (await countsOf(here, kind)).done === 12)
    expect([most, done]).toEqual([3, 12])
    expect((await countsOf(here, strange)).waiting).toBe(1)
  })

  test('[J6] a limit over all processes holds, and goes when the code names none', async () => {
    let running = 0
    let most = 0
    let enough = 2
    const work = async () => {
      most = Math.max(most, ++running)
      await until('all places are filled', () => most >= enough)
      await systemClock.wait(20)
      running--
    }
    const kind = numberKind(work, { concurrency: 3, overAll: 2 })
    await using one = await startJobs(ground, { kinds: [kind], roles: ['worker'] })
    await using other = await startJobs(ground, { kinds: [kind], roles: ['worker'] })
    // The limit is told behind the start.
    await systemClock.wait(1000)
    await Promise.all(Array.from({ length: 10 }, (_, n) => one.tasks.add(kind.name, { n })))
    await until('all are done', async () => (await countsOf(one, kind)).done === 10)
    expect(most).toBe(2)
    await one.end()
    await other.end()
    most = 0
    enough = 3
    await using later = await startJobs(ground, { kinds: [{ ...kind, overAll: undefined } as never], roles: ['worker'] })
    await systemClock.wait(1000)
    await Promise.all(Array.from({ length: 10 }, (_, n) => later.tasks.add(kind.name, { n })))
    await until('all are done', async () => (await countsOf(later, kind)).done === 20)
    expect(most).toBe(3)
  })

  test('[J2] a payload that does not fit is not added, and is parked with the complaint when it is owed', async () => {
    const kind = numberKind(async () => Promise.reject(new Error('never')))
    await using here = await startJobs(ground, { kinds: [kind] })
    await expect(here.tasks.add(kind.name, { n: 'x' })).rejects.toThrow(`a payload for ${kind.name}: /n must be integer`)
    await expect(here.tasks.add('test.unknown', {})).rejects.toThrow('there is no kind of tasks called test.unknown')
    await here.db.commit([owe({ kind: kind.name, payload: { n: 'x' } })])
    await until('it is parked', async () => (await countsOf(here, kind)).parked === 1)
    const { items } = await here.queue.list({ kind: kind.name, state: 'parked' })
    expect(items).toMatchObject([{ attempt: 1, reason: 'tasks.bad_payload: /n must be integer' }])
  })

  test('[J3] the lease of a long run is renewed, and its progress is seen', async () => {
    const gate = Promise.withResolvers<void>()
    let runs = 0
    const kind = numberKind(
      async (_, { progress }) => {
        runs++
        progress({ part: 0.25 })
        await gate.promise
        progress({ part: 1 })
      },
      { leaseMs: 5000 },
    )
    await using here = await startJobs(ground, { kinds: [kind] })
    const { id } = await here.tasks.add(kind.name, { n: 1 })
    const progressOf = async (): Promise<Json> => (await here.tasks.find(id))?.progress ?? null
    await until('progress is seen', async () => JSON.stringify(await progressOf()) === '{"part":0.25}')
    await systemClock.wait(5500)
    expect(runs).toBe(1)
    gate.resolve()
    await until('it is done', async () => (await here.tasks.find(id))?.state === 'done')
    expect(await here.tasks.find(id)).toMatchObject({ attempt: 1, progress: { part: 1 } })
  })

  test('[J4] a run past its deadline is stopped, and counts as failed', async () => {
    const reasons: unknown[] = []
    const kind = numberKind(
      (_, { signal }) => {
        const { promise, reject } = Promise.withResolvers<void>()
        signal.addEventListener('abort', () => {
          reasons.push((signal.reason as Error).message)
          reject(new Error('stopped'))
        })
        return promise
      },
      { deadlineMs: 60, maxAttempts: 2 },
    )
    await using here = await startJobs(ground, { kinds: [kind] })
    const { id } = await here.tasks.add(kind.name, { n: 1 })
    await until('it is parked', async () => (await here.tasks.find(id))?.state === 'parked')
    expect(reasons).toEqual(['tasks.deadline', 'tasks.deadline'])
    expect(await here.tasks.find(id)).toMatchObject({ reason: 'tasks.deadline', attempt: 2 })
  })

  test('[J5] a problem that will not go away is parked at once, anything else is tried again', async () => {
    const attempts = new Map<number, number>()
    const kind = numberKind(
      async (n, { attempt }) => {
        attempts.set(n, attempt)
        if (n === 1) throw new Problem('not_found', 'test.gone')
        if (n === 2) throw new TypeError('a bug')
        if (attempt < 3) throw new Problem('unavailable', 'test.busy')
      },
      { maxAttempts: 3 },
    )
    await using here = await startJobs(ground, { kinds: [kind] })
    for (const n of [1, 2, 3]) await here.tasks.add(kind.name, { n })
    await until('all have come to rest', async () => {
      const { parked, done } = await countsOf(here, kind)
      return parked === 2 && done === 1
    })
    expect([...attempts].toSorted()).toEqual([
      [1, 1],
      [2, 3],
      [3, 3],
    ])
    const { items } = await here.queue.list({ kind: kind.name, state: 'parked' })
    expect(items.map((task) => task.reason).toSorted()).toEqual(['TypeError: a bug', 'test.gone'])
  })

  test('[J7] a run that is cancelled is stopped, and says nothing more', async () => {
    const contexts: TaskContext[] = []
    const endings: Ending[] = []
    const kind = numberKind((_, context) => {
      contexts.push(context)
      const { promise, reject } = Promise.withResolvers<void>()
      context.signal.addEventListener('abort', () => reject(context.signal.reason))
      return promise
    })
    const listener = { ended: (_: unknown, ending: Ending) => void endings.push(ending) }
    await using here = await startJobs(ground, { kinds: [kind], listeners: [listener] })
    await using other = await startJobs(ground, { kinds: [], roles: [] })
    const { id } = await here.tasks.add(kind.name, { n: 1 })
    await until('it runs', () => contexts.length === 1)
    expect(await (name === 'embedded' ? here : other).tasks.cancel(id)).toBe(true)
    await until('it has ended', () => endings.length === 1)
    expect(endings).toEqual([{ how: 'lost' }])
    expect((await here.tasks.find(id))?.state).toBe('cancelled')
    expect(here.running()).toEqual({})
  })

  test('[J8] a process that ends lets runs end for a while, and gives the others back uncounted', async () => {
    const gate = Promise.withResolvers<void>()
    const begun: number[] = []
    const stopped: number[] = []
    const kind = numberKind(async (n, { signal }) => {
      begun.push(n)
      if (n === 1) return gate.promise
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          stopped.push(n)
          reject(signal.reason)
        })
      })
    })
    const here = await startJobs(ground, { kinds: [kind] })
    const quick = await here.tasks.add(kind.name, { n: 1 })
    const slow = await here.tasks.add(kind.name, { n: 2 })
    await until('both run', () => begun.length === 2)
    const late = await here.tasks.add(kind.name, { n: 3 })
    const beganMs = performance.now()
    setTimeout(() => gate.resolve(), 20)
    await here.end(2500)
    expect(performance.now() - beganMs).toBeLessThan(soon(5000))
    expect([begun, stopped]).toEqual([[1, 2], [2]])
    await using other = await startJobs(ground, { kinds: [], roles: [] })
    expect(await other.tasks.find(quick.id)).toMatchObject({ state: 'done', attempt: 1 })
    expect(await other.tasks.find(slow.id)).toMatchObject({ state: 'waiting', attempt: 0 })
    expect(await other.tasks.find(late.id)).toMatchObject({ state: 'waiting', attempt: 0 })
  })

  test('what a listener throws is logged and changes nothing', async () => {
    const kind = numberKind(async () => {})
    const broken = { started: () => Promise.reject(new Error('deaf')), ended: () => Promise.reject(new Error('dumb')) }
    await using here = await startJobs(ground, { kinds: [kind], listeners: [broken] })
    const { id } = await here.tasks.add(kind.name, { n: 1 })
    await until('it is done', async () => (await here.tasks.find(id))?.state === 'done')
    await until('both are logged', () => here.log.lines.filter((line) => line.event === 'tasks.listener_failed').length === 2)
  })
})
