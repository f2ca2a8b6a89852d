import type { Database } from '#server/database/database.ts'
import { Duplicate } from '#server/database/errors.ts'
import { owe } from '#server/database/outbox.ts'
import { newId } from '#server/lib/id.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { Queue, Task } from '#server/ports/queue.ts'
import { type ChoreRun, createChoreStore } from './chore-store.ts'
import type { Ending, TaskListener } from './listener.ts'
import { createSlots, type Slots } from './slots.ts'
import type { Recurring } from './task-kind.ts'

export type TimersParts = {
  /** Rings for what is owed in it (`withBell`). */
  db: Database<'chore' | 'chore_run' | 'outbox'>
  queue: Queue
  clock: Clock
  log: Log
  chores: readonly Recurring[]
  /** Where a chore names none. Asked when the calendar is first looked at: zones take longer to load than all chores together. */
  timeZone: () => string
  /** Watches the calendar here. Any number of processes may. */
  isWatching: boolean
}

export type Timers = TaskListener & {
  list(): Promise<ChoreView[]>
  /** Refused while it runs. */
  runNow(name: string): Promise<void>
  close(): Promise<void>
}

export type ChoreView = {
  name: string
  cron: string
  timeZone: string
  nextMs: number | undefined
  last: ChoreRun | undefined
  isRunning: boolean
}

/** Clocks move: nobody sleeps longer than this without looking at them. */
const longestSleepMs = 10_000
const keyPrefix = 'chore:'

type Chore = Recurring & { readonly slots: Slots; sinceMs: number | undefined }

/**
 * Chores by the calendar. Nobody leads: each process that watches tries to write the row of a slot that has come, and the one whose row
 * stands owes the task in the same commit. So a slot has one run, whoever dies, and a dead process is missed by nobody.
 */
export function createTimers(parts: TimersParts): Timers {
  const { db, clock, log, queue } = parts
  const store = createChoreStore(db)
  const chores = new Map(parts.chores.map((chore): [string, Chore] => [chore.name, toChore(chore, parts.timeZone)]))
  let sleep: { cancel(): void } | undefined
  let look: Promise<void> = Promise.resolve()
  let isClosed = false
  if (parts.isWatching) look = lookAtAll()

  /** The one loop of the calendar: what fails is tried again at the next look. */
  async function lookAtAll(): Promise<void> {
    for (const chore of chores.values()) {
      try {
        await lookAt(chore)
      } catch (error) {
        log.error('tasks.chore_failed', { chore: chore.name, error })
      }
    }
    if (isClosed) return
    sleep = clock.after(sleepMs(), () => {
      look = lookAtAll()
    })
  }

  /** [C1] [C2] Only the last slot that has come counts: what was missed is made up for once. */
  async function lookAt(chore: Chore): Promise<void> {
    const nowMs = clock.now()
    // A clock that has been set back must not put the chore off until it has caught up.
    const sinceMs = (chore.sinceMs = Math.min(chore.sinceMs ?? (await enrol(chore, nowMs)), nowMs))
    const slotMs = chore.slots.latest(nowMs)
    if (slotMs === undefined || slotMs <= sinceMs || (await store.hasRun(chore.name, slotMs))) return
    await beginRun(chore, slotMs, false)
  }

  /** [C3] A chore that is new, or has a new calendar, has missed nothing. */
  async function enrol(chore: Chore, nowMs: number): Promise<number> {
    const known = await store.find(chore.name)
    if (known?.pattern === chore.slots.pattern) return known.sinceMs
    if (known) await db.commit([store.change(chore.name, chore.slots.pattern, nowMs)])
    else await withoutDuplicate(() => db.commit([store.create(chore.name, chore.slots.pattern, nowMs)]))
    return (await store.find(chore.name))?.sinceMs ?? nowMs
  }

  async function beginRun(chore: Chore, slotMs: number, isByHand: boolean): Promise<boolean> {
    const taskId = newId(clock.now())
    const { kind, payload } = chore.task
    await clearAway(chore).catch((error: unknown) => log.warn('tasks.chore_uncleared', { chore: chore.name, error }))
    return withoutDuplicate(() =>
      db.commit([
        store.begin({ chore: chore.name, slotMs, isByHand, taskId, nowMs: clock.now() }),
        owe({ id: taskId, kind, payload, key: keyPrefix + chore.name, ...(isByHand ? { priority: byHandPriority } : {}) }),
      ]),
    )
  }

  /** [C4] A run that has been given up does not keep the next one from its turn: what it said stands with the chore. */
  async function clearAway(chore: Chore): Promise<void> {
    const live = await queue.findByKey(chore.task.kind, keyPrefix + chore.name)
    if (live?.state === 'parked') await cancel(live.id)
  }

  async function cancel(taskId: string): Promise<void> {
    await db.commit([store.settle(taskId)])
    await queue.cancel(taskId)
  }

  function sleepMs(): number {
    const nowMs = clock.now()
    const next = [...chores.values()].map((chore) => chore.slots.next(nowMs) ?? Number.POSITIVE_INFINITY)
    return Math.min(longestSleepMs, Math.max(1, Math.min(...next) - nowMs))
  }

  function choreOf(task: Task): string | undefined {
    const name = task.key?.startsWith(keyPrefix) ? task.key.slice(keyPrefix.length) : undefined
    return name !== undefined && chores.get(name)?.task.kind === task.kind ? name : undefined
  }

  return {
    async list() {
      const nowMs = clock.now()
      return Promise.all(
        [...chores.values()].map(async ({ name, cron, timeZone = parts.timeZone(), slots, task }) => {
          const [last, live] = await Promise.all([store.last(name), queue.findByKey(task.kind, keyPrefix + name)])
          return { name, cron, timeZone, nextMs: slots.next(nowMs), last, isRunning: live?.state === 'running' }
        }),
      )
    },

    /** [C5] */
    async runNow(name) {
      const chore = chores.get(name)
      if (!chore) throw new Problem('not_found', 'tasks.no_chore')
      const live = await queue.findByKey(chore.task.kind, keyPrefix + name)
      if (live?.state === 'running') throw new Problem('conflict', 'tasks.chore_running')
      if (live && (await queue.runNow(live.id))) return
      for (let slotMs = clock.now(); !(await beginRun(chore, slotMs, true)); slotMs++);
    },

    async started(task) {
      const chore = choreOf(task)
      if (chore !== undefined) await db.commit([store.start(chore, clock.now())])
    },

    async ended(task, ending) {
      const chore = choreOf(task)
      const result = chore === undefined ? undefined : resultOf(ending)
      if (chore === undefined || result === undefined) return
      const reason = 'reason' in ending ? ending.reason : undefined
      await db.commit([store.end(chore, { nowMs: clock.now(), result, reason })])
      if (ending.how === 'parked') await cancel(task.id)
    },

    async close() {
      isClosed = true
      await look
      sleep?.cancel()
    },
  }
}

const byHandPriority = 1000

function toChore(chore: Recurring, timeZone: () => string): Chore {
  let slots: Slots | undefined
  return {
    ...chore,
    get slots() {
      return (slots ??= createSlots(chore, timeZone()))
    },
    sinceMs: undefined,
  }
}

function resultOf(ending: Ending): 'done' | 'failed' | undefined {
  if (ending.how === 'done') return 'done'
  return ending.how === 'parked' ? 'failed' : undefined
}

/** False when somebody else was first. */
async function withoutDuplicate(commit: () => Promise<unknown>): Promise<boolean> {
  try {
    await commit()
    return true
  } catch (error) {
    if (error instanceof Duplicate) return false
    throw error
  }
}
