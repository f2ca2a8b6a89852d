import { Type } from 'typebox'
import { type Recurring, type TaskKind, taskKind } from '#server/jobs/task-kind.ts'
import type { EventService } from './service.ts'

export function eventJobs(service: EventService): { kinds: TaskKind[]; recurring: Recurring[] } {
  return {
    kinds: [
      taskKind({
        name: 'events.sweep',
        payload: Type.Object({}, { additionalProperties: false }),
        role: 'scheduler',
        concurrency: 1,
        overAll: 1,
        deadlineMs: 600_000,
        run: (_, { signal }) => service.sweep(signal),
      }),
    ],
    recurring: [{ name: 'events.sweep', cron: '17 * * * *', task: { kind: 'events.sweep', payload: {} } }],
  }
}
