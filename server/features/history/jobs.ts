import { Type } from 'typebox'
import { type Recurring, type TaskKind, taskKind } from '#server/jobs/task-kind.ts'
import type { HistoryService } from './service.ts'

export const closedKind = 'history.closed'

export function historyJobs(service: HistoryService): { kinds: TaskKind[]; recurring: Recurring[] } {
  const closed = taskKind({
    name: closedKind,
    payload: Type.Object({ accountId: Type.String() }, { additionalProperties: false }),
    role: 'scheduler',
    concurrency: 1,
    deadlineMs: 600_000,
    run: ({ accountId }) => service.removeAllOf(accountId),
  })
  return { kinds: [closed], recurring: [] }
}
