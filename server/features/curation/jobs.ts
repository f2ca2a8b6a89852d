import { Type } from 'typebox'
import { type TaskKind, taskKind } from '#server/jobs/task-kind.ts'
import type { CurationService } from './service.ts'
import { mergeKind } from './store.ts'

export function curationJobs(service: Pick<CurationService, 'moveAll'>): { kinds: TaskKind[]; recurring: [] } {
  const payload = Type.Object({ from: Type.String(), into: Type.String() }, { additionalProperties: false })
  const run = (moving: { from: string; into: string }, { signal }: { signal: AbortSignal }) => service.moveAll(moving, signal)
  return { kinds: [taskKind({ name: mergeKind, payload, role: 'scheduler', concurrency: 1, deadlineMs: 3_600_000, run })], recurring: [] }
}
