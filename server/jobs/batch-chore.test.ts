import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import type { Queue } from '#server/ports/queue.ts'
import { type Ground, grounds } from '#server/testing/grounds.ts'
import { type JobsGround, openJobsGround } from '#server/testing/jobs-ground.ts'
import { startJobs } from '#server/testing/jobs-process.ts'
import { until } from '#server/testing/queue-ground.ts'
import { createBatchChore } from './batch-chore.ts'

let names = 0

describe.each([...grounds.list])('producer and consumers, %s', (name: Ground) => {
  let ground: JobsGround

  beforeAll(async () => {
    ground = await openJobsGround(name)
  })

  afterAll(() => ground[Symbol.asyncDispose]())

  /** Rows in memory that are to be deleted, and how often each was tried, by whom at once. */
  function createFiles(count: number, remove: (file: string, tries: number) => Promise<void> = async () => {}) {
    const files = new Set(Array.from({ length: count }, (_, i) => `file-${String(i).padStart(4, '0')}`))
    const tries = new Map<string, number>()
    const busy = new Set<string>()
    const seen = { most: 0, twice: 0 }
    return {
      files,
      tries,
      seen,
      async produce(after: string | undefined, limit: number) {
        const page = [...files].toSorted().filter((file) => after === undefined || file > after)
        const items = page.slice(0, limit).map((file) => ({ key: file, payload: { file } }))
        return { items, next: page.length > limit ? items.at(-1)?.key : undefined }
      },
      async consume({ file }: { file: string }) {
        if (busy.has(file)) seen.twice++
        busy.add(file)
        seen.most = Math.max(seen.most, busy.size)
        tries.set(file, (tries.get(file) ?? 0) + 1)
        try {
          await remove(file, tries.get(file) ?? 0)
          files.delete(file)
        } finally {
          busy.delete(file)
        }
      },
    }
  }

  const choreFor = (
    files: ReturnType<typeof createFiles>,
    queue: Pick<Queue, 'add' | 'counts'>,
    more: { depth?: number; maxAttempts?: number } = {},
  ) => {
    return createBatchChore({
      name: `test.delete-${++names}`,
      cron: '0 0 1 1 *',
      queue,
      produce: files.produce,
      item: Type.Object({ file: Type.String() }),
      consume: files.consume,
      concurrency: 4,
      deadlineMs: 300_000,
      batch: 20,
      ...more,
    })
  }

  async function withChore(files: ReturnType<typeof createFiles>, more: { depth?: number; maxAttempts?: number } = {}) {
    await using producing = new AsyncDisposableStack()
    const queue = producing.use(await ground.openQueue())
    const chore = choreFor(files, queue, more)
    const here = await startJobs(ground, { kinds: chore.kinds, recurring: [chore.recurring] })
    const closing = producing.move()
    const walk = async () => {
      await here.overview.runChore(chore.recurring.name)
      await until('the walk is over', async () => {
        const view = (await here.overview.chores()).find((one) => one.name === chore.recurring.name)
        return view?.isRunning === false && view.last?.endedMs !== undefined
      })
    }
    const end = async () => {
      await here.end()
      await closing.disposeAsync()
    }
    return { here, chore, walk, end }
  }

  test('[P1] everything that the rows name is done by several at once, and nothing twice at a time', async () => {
    const files: ReturnType<typeof createFiles> = createFiles(90, async () => {
      await until('four at once', () => files.seen.most >= 4)
      await systemClock.wait(3)
    })
    const { walk, end } = await withChore(files)
    await walk()
    await until('all are gone', () => files.files.size === 0)
    expect(files.seen).toEqual({ most: 4, twice: 0 })
    expect(new Set(files.tries.values())).toEqual(new Set([1]))
    await end()
  })

  test('[P1] what the consumers have not removed is found again, while what is under way is not begun anew', async () => {
    const gate = Promise.withResolvers<void>()
    const files = createFiles(6, async (file) => (file === 'file-0001' ? gate.promise : undefined))
    const { walk, end } = await withChore(files)
    await walk()
    await until('the others are gone', () => files.files.size === 1)
    await walk()
    await walk()
    expect(files.tries.get('file-0001')).toBe(1)
    files.files.add('file-new')
    await walk()
    await until('the new one is gone', () => !files.files.has('file-new'))
    gate.resolve()
    await until('all are gone', () => files.files.size === 0)
    expect(files.seen.twice).toBe(0)
    await end()
  })

  test('[P2] the queue is filled up to its depth, the rest waits in its rows', async () => {
    const gate = Promise.withResolvers<void>()
    const files = createFiles(100, () => gate.promise)
    const { here, chore, walk, end } = await withChore(files, { depth: 30 })
    await walk()
    const counts = (await here.queue.counts())[`${chore.recurring.name}.item`]
    expect((counts?.waiting ?? 0) + (counts?.running ?? 0)).toBe(30)
    gate.resolve()
    await until('the first thirty are gone', () => files.files.size === 70)
    await walk()
    await until('more are gone', () => files.files.size <= 40)
    await end()
  })

  test('[P3] an item that fails holds up no other, is tried again, and is parked with its reason', async () => {
    const files = createFiles(20, async (file) => {
      if (file === 'file-0003') throw new Error('the disk says no')
    })
    const { here, chore, walk, end } = await withChore(files, { maxAttempts: 1 })
    await walk()
    await until('the others are gone', () => files.files.size === 1)
    const parked = () => here.queue.list({ kind: `${chore.recurring.name}.item`, state: 'parked' })
    await until('it is parked', async () => (await parked()).items.length === 1)
    expect((await parked()).items).toMatchObject([{ key: 'file-0003', reason: 'Error: the disk says no' }])
    await walk()
    expect(files.tries.get('file-0003')).toBe(1)
    await end()
  })
})
