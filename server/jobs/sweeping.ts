import { Type } from 'typebox'
import { type Recurring, type TaskKind, taskKind } from './task-kind.ts'

/** What a feature clears away by the calendar, once in all processes. */
export function sweeping(
  name: string,
  cron: string,
  sweep: (signal: AbortSignal) => Promise<void>,
): { kind: TaskKind; recurring: Recurring } {
  const kind = taskKind({
    name,
    payload: Type.Object({}, { additionalProperties: false }),
    role: 'scheduler',
    concurrency: 1,
    overAll: 1,
    deadlineMs: 600_000,
    run: (_, { signal }) => sweep(signal),
  })
  return { kind, recurring: { name, cron, task: { kind: name, payload: {} } } }
}
