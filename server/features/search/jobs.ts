import { Type } from 'typebox'
import { createBatchChore } from '#server/jobs/batch-chore.ts'
import type { Recurring, TaskKind } from '#server/jobs/task-kind.ts'
import type { Queue } from '#server/ports/queue.ts'

type Parts = {
  queue: Pick<Queue, 'add' | 'counts'>
  unsaid(after: string, limit: number): Promise<string[]>
  listen(videoId: string, signal: AbortSignal): Promise<void>
}

/** What is said in films; whoever changes the texts of one owes an item (`videos.listen.item`), and what was missed is found by the hour. */
export function searchJobs({ queue, unsaid, listen }: Parts): { kinds: TaskKind[]; recurring: Recurring[] } {
  const chore = createBatchChore({
    name: 'videos.listen',
    cron: '17 * * * *',
    queue,
    async produce(after, limit) {
      const ids = await unsaid(after ?? '', limit)
      return { items: ids.map((videoId) => ({ key: videoId, payload: { videoId } })), next: ids.length < limit ? undefined : ids.at(-1) }
    },
    item: Type.Object({ videoId: Type.String() }, { additionalProperties: false }),
    consume: ({ videoId }, { signal }) => listen(videoId, signal),
    concurrency: 1,
    deadlineMs: 300_000,
  })
  return { kinds: chore.kinds, recurring: [chore.recurring] }
}
