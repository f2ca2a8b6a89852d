import type { Database } from '#server/database/database.ts'
import { withBell } from '#server/database/outbox.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { Queue } from '#server/ports/queue.ts'
import type { Tasks } from '#server/ports/tasks.ts'
import type { TaskListener } from './listener.ts'
import { createTaskOverview, type TaskOverview } from './overview.ts'
import { defaultRetention, ownChores, type Retention } from './own-chores.ts'
import { Registry } from './registry.ts'
import { createRelay, type Relay } from './relay.ts'
import { createRunner, type Runner } from './runner.ts'
import type { Recurring, TaskKind } from './task-kind.ts'
import { createTasks } from './tasks.ts'
import { createTimers, type Timers } from './timers.ts'

export type JobsParts = {
  db: Database
  queue: Queue
  clock: Clock
  log: Log
  /** Of chores that name none. */
  timeZone: () => string
  retention?: Retention
}

/**
 * The frame of all tasks of a process, in the order in which it comes to life: first what features are made with (`db`, `tasks`), then what they
 * declare, then what this process does about it.
 */
export type Jobs = {
  /** Rings by itself when something has been owed in it: features are given this one. */
  readonly db: Database
  readonly tasks: Tasks
  declare(declared: { kinds?: readonly TaskKind[]; recurring?: readonly Recurring[] }): void
  /** Once, after everything has been declared. Without roles this process only produces. */
  start(options: { roles: readonly TaskKind['role'][]; listeners?: readonly TaskListener[] }): StartedJobs
}

export type StartedJobs = {
  readonly overview: TaskOverview
  running(): Record<string, number>
  /** Stops taking at once, waits for what runs, and gives back what does not end. Then nothing of it is left but the queue, which is its opener's. */
  drain(options?: { patienceMs?: number }): Promise<void>
}

export function createJobs(parts: JobsParts): Jobs {
  const { queue, clock, log } = parts
  const registry = new Registry()
  const recurring: Recurring[] = []
  let relay: Relay | undefined
  const db = withBell(parts.db, () => relay?.wake())
  const tasks = createTasks({ db: parts.db, queue, registry })

  return {
    db,
    tasks,
    declare(declared) {
      registry.declare(...(declared.kinds ?? []))
      recurring.push(...(declared.recurring ?? []))
    },
    start({ roles, listeners = [] }) {
      const isScheduler = roles.includes('scheduler')
      const open = createRelay({ db: parts.db, queue, registry, clock, log, looksAround: isScheduler })
      relay = open
      const own = ownChores({ db: parts.db, queue, relay: open, clock, retention: parts.retention ?? defaultRetention })
      registry.declare(...own.kinds)
      const timers = createTimers({
        db,
        queue,
        clock,
        log,
        chores: [...own.recurring, ...recurring],
        timeZone: parts.timeZone,
        isWatching: isScheduler,
      })
      const runner = createRunner({ registry, roles, queue, clock, log, listeners: [timers, open, ...listeners] })
      return {
        overview: createTaskOverview({ queue, tasks, registry, timers }),
        running: () => runner.running(),
        drain: (options) => drain({ timers, runner, relay: open }, options),
      }
    },
  }
}

async function drain(
  { timers, runner, relay }: { timers: Timers; runner: Runner; relay: Relay },
  options: { patienceMs?: number } | undefined,
): Promise<void> {
  await timers.close()
  await runner.drain(options)
  await relay.close()
}
