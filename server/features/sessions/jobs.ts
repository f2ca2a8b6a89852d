import { Type } from 'typebox'
import { type Recurring, type TaskKind, taskKind } from '#server/jobs/task-kind.ts'
import type { SessionService } from './service.ts'

export function sessionJobs(service: SessionService): { kinds: TaskKind[]; recurring: Recurring[] } {
  return {
    kinds: [
      taskKind({
        name: 'sessions.sweep',
        payload: Type.Object({}, { additionalProperties: false }),
        role: 'scheduler',
        concurrency: 1,
        overAll: 1,
        deadlineMs: 600_000,
        run: (_, { signal }) => service.sweep(signal),
      }),
    ],
    recurring: [{ name: 'sessions.sweep', cron: '41 * * * *', task: { kind: 'sessions.sweep', payload: {} } }],
  }
}
