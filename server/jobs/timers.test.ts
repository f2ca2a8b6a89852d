import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import type { Queue } from '#server/ports/queue.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { type Ground, grounds, times } from '#server/testing/grounds.ts'
import { createHeldClock, type HeldClock } from '#server/testing/held-clock.ts'
import { type ClosableQueue, type JobsGround, openJobsGround } from '#server/testing/jobs-ground.ts'
import { numberKind, startJobs } from '#server/testing/jobs-process.ts'
import { until } from '#server/testing/queue-ground.ts'
import { createSlots } from './slots.ts'
import type { Recurring } from './task-kind.ts'
import { createTimers, type Timers } from './timers.ts'

const minute = 60_000
let names = 0

describe.each([...grounds.list])('the calendar, %s', (name: Ground) => {
  let ground: JobsGround
  let queue: ClosableQueue

  beforeAll(async () => {
    ground = await openJobsGround(name)
    queue = await ground.openQueue()
  })

  afterAll(async () => {
    await queue[Symbol.asyncDispose]()
    await ground[Symbol.asyncDispose]()
  })

  const newChore = (cron: string, timeZone?: string): Recurring => {
    const chore = `test.chore-${++names}`
    return { name: chore, cron, ...(timeZone === undefined ? {} : { timeZone }), task: { kind: chore, payload: { n: 0 } } }
  }

  const slotsOf = async (chore: Recurring) => {
    const rows = await ground.db.primary.selectFrom('chore_run').selectAll().where('chore', '=', chore.name).orderBy('slot_ms').execute()
    return rows.map((row) => row.slot_ms)
  }

  const owedOf = async (chore: Recurring) =>
    (await ground.db.primary.selectFrom('outbox').select('id').where('kind', '=', chore.task.kind).execute()).length

  /** Processes that watch one calendar by one clock. */
  function watch(clock: HeldClock, chores: readonly Recurring[], count = 1) {
    const open = () =>
      createTimers({
        db: ground.db,
        queue: queue as Queue,
        clock,
        log: createCapturedLog(),
        chores,
        timeZone: () => 'UTC',
        isWatching: true,
      })
    const watchers: Timers[] = Array.from({ length: count }, open)
    const rest = () => until('all rest', () => clock.waiting === watchers.length)
    return {
      watchers,
      rest,
      open,
      /** No further at a time than a watcher sleeps: each sees each moment. */
      async walk(ms: number, eachMs = 10_000) {
        await rest()
        for (let left = ms; left > 0; left -= eachMs) {
          await clock.advance(Math.min(left, eachMs))
          await rest()
        }
      },
      async [Symbol.asyncDispose]() {
        await Promise.all(watchers.map((watcher) => watcher.close()))
      },
    }
  }

  test('[C1] [C3] each slot has one run, however many processes watch; a new chore has missed nothing', async () => {
    const startMs = Date.UTC(2026, 5, 1, 10, 2)
    const chore = newChore('*/5 * * * *')
    await using calendar = watch(createHeldClock(startMs), [chore], 4)
    await calendar.rest()
    expect(await slotsOf(chore)).toEqual([])
    await calendar.walk(20 * minute)
    expect(await slotsOf(chore)).toEqual([3, 8, 13, 18].map((minutes) => startMs + minutes * minute))
    expect(await owedOf(chore)).toBe(4)
  })

  test('[C2] what was missed while nobody watched is made up for once, by the latest', async () => {
    const startMs = Date.UTC(2026, 5, 1, 10, 2)
    const chore = newChore('0 * * * *')
    const before = watch(createHeldClock(startMs), [chore])
    await before.walk(minute)
    await before[Symbol.asyncDispose]()
    await using after = watch(createHeldClock(startMs + 5.5 * 60 * minute), [chore], 2)
    await after.rest()
    expect(await slotsOf(chore)).toEqual([Date.UTC(2026, 5, 1, 15)])
    await after.walk(40 * minute)
    expect(await slotsOf(chore)).toEqual([Date.UTC(2026, 5, 1, 15), Date.UTC(2026, 5, 1, 16)])
  })

  test('[C3] a chore whose calendar is changed has missed nothing of the new one', async () => {
    const startMs = Date.UTC(2026, 5, 1, 10, 2)
    const chore = newChore('0 * * * *')
    const before = watch(createHeldClock(startMs), [chore])
    await before.rest()
    await before[Symbol.asyncDispose]()
    await using after = watch(createHeldClock(startMs + 3 * 60 * minute), [{ ...chore, cron: '0 12 * * *' }])
    await after.walk(minute)
    expect(await slotsOf(chore)).toEqual([])
  })

  test('[C6] where clocks are put back and forward, each slot of a zone has one run', async () => {
    const nightly = newChore('30 2 * * *', 'Europe/Berlin')
    const clock = createHeldClock(Date.UTC(2026, 9, 24, 22))
    await using calendar = watch(clock, [nightly], 2)
    await calendar.walk(6 * 60 * minute, 10 * minute)
    expect(await slotsOf(nightly)).toEqual([Date.UTC(2026, 9, 25, 0, 30)])
  })

  test('[C7] [F8] over a hundred jumps of the wall clock no slot runs twice, and none that it walks through is left out', {
    timeout: 600_000,
  }, async () => {
    const chores = [newChore('*/3 * * * *'), newChore('*/7 * * * *', 'Asia/Shanghai')]
    const clock = createHeldClock(Date.UTC(2026, 2, 28, 20, 0, 30))
    await using calendar = watch(clock, chores, 3)
    await calendar.rest()
    const chance = createChance(20_261_121)
    const expected = new Map(chores.map((chore) => [chore.name, new Set<number>()]))
    const slots = new Map(chores.map((chore) => [chore.name, createSlots(chore, 'UTC')]))
    const expectUpTo = (fromMs: number, toMs: number) => {
      for (const [chore, set] of expected) {
        const calendarOf = slots.get(chore)
        for (let slotMs = calendarOf?.next(fromMs); slotMs !== undefined && slotMs <= toMs; slotMs = calendarOf?.next(slotMs))
          set.add(slotMs)
      }
    }
    // Where a jump lands, whoever looks first makes up for the slot before, if it had not run yet: the moment of the look decides which.
    const allowed = new Map(chores.map((chore) => [chore.name, new Set<number>()]))
    const land = (sets: ReadonlyMap<string, Set<number>>) => {
      for (const [chore, set] of sets) {
        const latestMs = slots.get(chore)?.latest(clock.now())
        if (latestMs !== undefined) set.add(latestMs)
      }
    }
    const sinceMs = clock.now()
    for (let jump = 0; jump < times(30, 100); jump++) {
      const walkedFromMs = clock.now()
      await calendar.walk(Math.floor(chance() * 8 * minute))
      expectUpTo(walkedFromMs, clock.now())
      clock.jump(Math.floor((chance() - 0.45) * (chance() < 0.5 ? 2 * 3_600_000 : 2 * 86_400_000)))
      land(allowed)
      await clock.advance(10_000)
      await calendar.rest()
      land(expected)
    }
    for (const chore of chores) {
      const ran = await slotsOf(chore)
      // Before its beginning nothing is owed: jumps back over it move the beginning, and what they land on may be left out.
      const owed = [...(expected.get(chore.name) ?? [])].filter((slotMs) => slotMs > sinceMs)
      expect(owed.filter((slotMs) => !ran.includes(slotMs))).toEqual([])
      const more = ran.filter((slotMs) => slotMs > sinceMs && !expected.get(chore.name)?.has(slotMs))
      expect(more.filter((slotMs) => !allowed.get(chore.name)?.has(slotMs))).toEqual([])
      expect(ran.length).toBeGreaterThan(30)
      expect(await owedOf(chore)).toBe(ran.length)
    }
  })

  test('[C4] a chore that fails says so, and its next slot comes all the same', async () => {
    const kind = numberKind(async () => Promise.reject(new Error('no luck')), { maxAttempts: 1, role: 'scheduler' })
    const chore: Recurring = { name: kind.name, cron: '* * * * * *', task: { kind: kind.name, payload: { n: 0 } } }
    await using here = await startJobs(ground, { kinds: [kind], recurring: [chore] })
    await until('it has failed twice', async () => {
      const runs = await ground.db.primary.selectFrom('chore_run').selectAll().where('chore', '=', kind.name).execute()
      return runs.filter((run) => run.result === 'failed' && run.reason === 'Error: no luck').length >= 2
    })
    const view = (await here.overview.chores()).find((one) => one.name === kind.name)
    expect(view?.last).toBeDefined()
    expect((await here.queue.list({ kind: kind.name, state: 'parked' })).items.length).toBeLessThanOrEqual(1)
  })

  test('[C5] run now runs at once, and is refused while the chore runs', async () => {
    const gate = Promise.withResolvers<void>()
    let runs = 0
    const kind = numberKind(
      async () => {
        runs++
        await gate.promise
      },
      { role: 'scheduler', concurrency: 2 },
    )
    const chore: Recurring = { name: kind.name, cron: '0 0 1 1 *', task: { kind: kind.name, payload: { n: 0 } } }
    await using here = await startJobs(ground, { kinds: [kind], recurring: [chore] })
    await here.overview.runChore(kind.name)
    await until('it runs', () => runs === 1)
    const viewOf = async () => (await here.overview.chores()).find((one) => one.name === kind.name)
    expect(await viewOf()).toMatchObject({ isRunning: true, nextMs: Date.UTC(new Date().getUTCFullYear() + 1, 0, 1) })
    await expect(here.overview.runChore(kind.name)).rejects.toMatchObject({ kind: 'conflict', code: 'tasks.chore_running' })
    await expect(here.overview.runChore('test.none')).rejects.toMatchObject({ kind: 'not_found', code: 'tasks.no_chore' })
    await systemClock.wait(20)
    gate.resolve()
    await until('it is done', async () => (await viewOf())?.last?.result === 'done')
    const last = (await viewOf())?.last
    expect(last).toMatchObject({ isByHand: true, result: 'done', reason: undefined })
    expect((last?.endedMs ?? 0) - (last?.startedMs ?? 0)).toBeGreaterThanOrEqual(15)
    expect(runs).toBe(1)
    await here.overview.runChore(kind.name)
    await until('it has run again', () => runs === 2)
  })

  test('what the frame itself does by the calendar: records are swept, rows are rung for', async () => {
    const kind = numberKind(async () => {})
    await using here = await startJobs(ground, { kinds: [kind] })
    const { id } = await here.tasks.add(kind.name, { n: 1 })
    await until('it is done', async () => (await here.tasks.find(id))?.state === 'done')
    for (const chore of ['tasks.sweep', 'tasks.ring']) {
      await here.overview.runChore(chore)
      await until(`${chore} is done`, async () => (await here.overview.chores()).find((one) => one.name === chore)?.last?.result === 'done')
    }
    expect((await here.tasks.find(id))?.state).toBe('done')
  })
})

/** mulberry32 */
function createChance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
