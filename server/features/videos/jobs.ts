import { Type } from 'typebox'
import { createBatchChore } from '#server/jobs/batch-chore.ts'
import { type Recurring, type TaskKind, taskKind } from '#server/jobs/task-kind.ts'
import type { Queue } from '#server/ports/queue.ts'
import { closedKind, sweepKind } from './library-store.ts'
import type { Removal } from './removal.ts'

const strict = { additionalProperties: false }

export function videoJobs(removal: Removal, queue: Pick<Queue, 'add' | 'counts'>): { kinds: TaskKind[]; recurring: Recurring[] } {
  const chore = createBatchChore({
    name: sweepKind,
    cron: '*/10 * * * *',
    queue,
    produce: removal.produce,
    item: Type.Object({ videoId: Type.String() }, strict),
    consume: ({ videoId }, { signal }) => removal.remove(videoId, signal),
    concurrency: 2,
    deadlineMs: 600_000,
  })
  const closed = taskKind({
    name: closedKind,
    payload: Type.Object({ accountId: Type.String() }, strict),
    role: 'scheduler',
    concurrency: 2,
    deadlineMs: 120_000,
    run: ({ accountId }) => removal.removeAllOf(accountId),
  })
  return { kinds: [...chore.kinds, closed], recurring: [chore.recurring] }
}
