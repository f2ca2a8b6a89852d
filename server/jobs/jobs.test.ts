import { Type } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { createSqliteQueue } from '#server/adapters/queue/sqlite-queue.ts'
import { owe, oweIn } from '#server/database/outbox.ts'
import { Problem } from '#server/lib/problem.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { testPace, until } from '#server/testing/queue-ground.ts'
import { openTaskDatabase, type TaskDatabase } from '#server/testing/task-database.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { type TaskContext, type TaskKind, type TaskKindDeclaration, taskKind } from './task-kind.ts'

let database: TaskDatabase

beforeAll(async () => {
  database = await openTaskDatabase()
})

afterAll(() => database[Symbol.asyncDispose]())

type Started = Awaited<ReturnType<typeof start>>

/** A process that runs these kinds. */
async function start(kinds: readonly TaskKind[], options: { roles?: TaskKind['role'][] } = {}) {
  const log = createCapturedLog()
  const queue = createSqliteQueue({ db: database.db, clock: systemClock, name: 'test', pace: testPace })
  const jobs: Jobs = createJobs({ db: database.db, queue, clock: systemClock, log, timeZone: 'UTC' })
  jobs.declare({ kinds })
  const started = jobs.start({ roles: options.roles ?? ['scheduler', 'worker'] })
  return {
    ...jobs,
    ...started,
    queue,
    log,
    async [Symbol.asyncDispose]() {
      await started.drain({ patienceMs: 50 })
      await queue.close()
    },
  }
}

let names = 0
const newName = () => `test.kind-${++names}`

function kindOf(run: (payload: { n: number }, context: TaskContext) => Promise<void>, more: Partial<TaskKindDeclaration<unknown>> = {}) {
  const payload = Type.Object({ n: Type.Integer() })
  return taskKind({ name: newName(), payload, role: 'worker', concurrency: 2, deadlineMs: 10_000, ...more, run } as never)
}

test('[O1] [O6] what is owed by a commit is done, and its row goes', async () => {
  const done: number[] = []
  const kind = kindOf(async ({ n }) => void done.push(n))
  await using here = await start([kind])
  await here.db.commit([owe({ kind: kind.name, payload: { n: 1 } }), owe({ kind: kind.name, payload: { n: 2 } })])
  await here.db.transaction((trx) => oweIn(trx, { kind: kind.name, payload: { n: 3 } }))
  await until('all are done', () => done.length === 3, 500)
  expect(done.toSorted()).toEqual([1, 2, 3])
  await until('the rows go', async () => (await rows(kind)).length === 0)
})

test('[J2] a payload that does not fit is not added, and is parked with the complaint when it is owed', async () => {
  const kind = kindOf(async () => {
    throw new Error('never')
  })
  await using here = await start([kind])
  await expect(here.tasks.add(kind.name, { n: 'x' })).rejects.toThrow(kind.name)
  await here.db.commit([owe({ kind: kind.name, payload: { n: 'x' } })])
  await until('it is parked', async () => (await counts(here, kind)).parked === 1)
  const { items } = await here.overview.list({ kind: kind.name })
  expect(items).toMatchObject([{ state: 'parked', attempt: 1, reason: 'tasks.bad_payload: /n must be integer' }])
})

test('[J5] a problem that will not go away is parked at once, anything else is tried again', async () => {
  const attempts: Record<number, number> = {}
  const kind = kindOf(
    async ({ n }) => {
      attempts[n] = (attempts[n] ?? 0) + 1
      if (n === 1) throw new Problem('not_found', 'video.not_found')
      if (n === 2) throw new TypeError('a bug')
      if (attempts[n] < 3) throw new Problem('unavailable', 'blobs.slow')
    },
    { retry: { firstMs: 1, mostMs: 4 }, maxAttempts: 3 },
  )
  await using here = await start([kind])
  for (const n of [1, 2, 3]) await here.tasks.add(kind.name, { n })
  await until('all have come to rest', async () => {
    const { parked, done } = await counts(here, kind)
    return parked === 2 && done === 1
  })
  expect(attempts).toEqual({ 1: 1, 2: 3, 3: 3 })
  const { items } = await here.overview.list({ kind: kind.name, state: 'parked' })
  expect(new Set(items.map((task) => task.reason))).toEqual(new Set(['video.not_found', 'TypeError: a bug']))
})

async function counts(here: Started, kind: TaskKind) {
  const all = await here.overview.kinds()
  const one = all.find((view) => view.kind === kind.name)
  if (!one) throw new Error(`${kind.name} is not listed`)
  return one.counts
}

function rows(kind: TaskKind) {
  return database.db.primary.selectFrom('outbox').selectAll().where('kind', '=', kind.name).execute()
}
