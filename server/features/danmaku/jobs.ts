import { Type } from 'typebox'
import { type Recurring, type TaskKind, taskKind } from '#server/jobs/task-kind.ts'
import type { DanmakuService } from './service.ts'

export const closedKind = 'danmaku.closed'

export function danmakuJobs(service: DanmakuService): { kinds: TaskKind[]; recurring: Recurring[] } {
  const closed = taskKind({
    name: closedKind,
    payload: Type.Object({ accountId: Type.String() }, { additionalProperties: false }),
    role: 'scheduler',
    concurrency: 1,
    deadlineMs: 600_000,
    run: ({ accountId }, { signal }) => service.removeAllOf(accountId, signal),
  })
  return { kinds: [closed], recurring: [] }
}
