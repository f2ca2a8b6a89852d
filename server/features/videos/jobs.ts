import { Type } from 'typebox'
import { createBatchChore } from '#server/jobs/batch-chore.ts'
import { closing } from '#server/jobs/closing.ts'
import type { Recurring, TaskKind } from '#server/jobs/task-kind.ts'
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
  return { kinds: [...chore.kinds, closing(closedKind, removal.removeAllOf)], recurring: [chore.recurring] }
}
