import { Type } from 'typebox'
import { type Recurring, type TaskKind, taskKind } from '#server/jobs/task-kind.ts'
import type { StorageService } from './service.ts'

const name = 'storage.sweep_uploads'

export function storageJobs(
  service: StorageService,
  scrub: { kinds: TaskKind[]; recurring: Recurring },
): { kinds: TaskKind[]; recurring: Recurring[] } {
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
      ...scrub.kinds,
    ],
    recurring: [{ name, cron: '17 * * * *', task: { kind: name, payload: {} } }, scrub.recurring],
  }
}
