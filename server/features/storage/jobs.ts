import { Type } from 'typebox'
import { createBatchChore } from '#server/jobs/batch-chore.ts'
import { type Recurring, type TaskKind, taskKind } from '#server/jobs/task-kind.ts'
import type { Queue } from '#server/ports/queue.ts'
import type { Scrub } from './scrub.ts'
import type { StorageService } from './service.ts'

const name = 'storage.sweep_uploads'

type Parts = { service: StorageService; scrub: Scrub; queue: Pick<Queue, 'add' | 'counts'> }

export function storageJobs({ service, scrub, queue }: Parts): { kinds: TaskKind[]; recurring: Recurring[] } {
  const looking = createBatchChore({
    name: 'storage.scrub',
    cron: '50 3 * * 0',
    queue,
    async produce(after, limit) {
      const ids = await scrub.list(after, limit)
      return { items: ids.map((videoId) => ({ key: videoId, payload: { videoId } })), next: ids.length < limit ? undefined : ids.at(-1) }
    },
    item: Type.Object({ videoId: Type.String() }, { additionalProperties: false }),
    consume: scrub.look,
    concurrency: 1,
    overAll: 1,
    deadlineMs: 6 * 3_600_000,
    maxAttempts: 2,
  })
  return {
    kinds: [
      taskKind({
        name,
        payload: Type.Object({}, { additionalProperties: false }),
        role: 'scheduler',
        concurrency: 1,
        overAll: 1,
        deadlineMs: 600_000,
        async run(_, { signal, progress }) {
          progress({ swept: await service.sweepUploads(signal) })
        },
      }),
      ...looking.kinds,
    ],
    recurring: [{ name, cron: '17 * * * *', task: { kind: name, payload: {} } }, looking.recurring],
  }
}
