import { Type } from 'typebox'
import type { Database } from '#server/database/database.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Queue } from '#server/ports/queue.ts'
import { createChoreStore } from './chore-store.ts'
import type { Relay } from './relay.ts'
import { type Recurring, type TaskKind, taskKind } from './task-kind.ts'

export type Retention = {
  /** How long the record of a task that is over is kept. */
  endedMs: number
  /** So many of a kind at most, but for those of the last quarter of an hour: the relay may ask for them. */
  perKind: number
  /** How long the runs of chores are kept. */
  runsMs: number
}

export const defaultRetention: Retention = { endedMs: 6 * 3_600_000, perKind: 10_000, runsMs: 30 * 86_400_000 }

const quarterMs = 900_000

/** What the frame itself does by the calendar. */
export function ownChores(parts: {
  db: Database<'chore' | 'chore_run' | 'outbox'>
  queue: Queue
  relay: Pick<Relay, 'ringAll'>
  clock: Clock
  retention: Retention
}): { kinds: TaskKind[]; recurring: Recurring[] } {
  const { queue, clock, retention } = parts
  const runs = createChoreStore(parts.db)
  const one = { payload: Type.Object({}), role: 'scheduler', concurrency: 1, overAll: 1, deadlineMs: 300_000 } as const
  return {
    kinds: [
      taskKind({
        ...one,
        name: 'tasks.sweep',
        async run(_, { progress }) {
          const nowMs = clock.now()
          const old = await queue.sweep({ endedBeforeMs: nowMs - retention.endedMs })
          const many = await queue.sweep({ endedBeforeMs: nowMs - quarterMs, keepPerKind: retention.perKind })
          await runs.sweep(nowMs - retention.runsMs)
          progress({ removed: old + many })
        },
      }),
      taskKind({
        ...one,
        name: 'tasks.ring',
        async run(_, { progress }) {
          progress({ owed: await parts.relay.ringAll() })
        },
      }),
    ],
    recurring: [
      { name: 'tasks.sweep', cron: '*/5 * * * *', task: { kind: 'tasks.sweep', payload: {} } },
      { name: 'tasks.ring', cron: '7,37 * * * *', task: { kind: 'tasks.ring', payload: {} } },
    ],
  }
}
