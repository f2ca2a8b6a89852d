import { closing } from '#server/jobs/closing.ts'
import type { Recurring, TaskKind } from '#server/jobs/task-kind.ts'

export const closedKind = 'moderation.closed'

export function moderationJobs(removeAllOf: (accountId: string) => Promise<void>): { kinds: TaskKind[]; recurring: Recurring[] } {
  return { kinds: [closing(closedKind, removeAllOf)], recurring: [] }
}
