import { Type } from 'typebox'
import { type TaskKind, taskKind } from '#server/jobs/task-kind.ts'
import type { TranscodingService } from './service.ts'

const film = { videoId: Type.String(), generation: Type.Integer() }
const strict = { additionalProperties: false }
const hour = 3_600_000

export function transcodingJobs(service: TranscodingService): { kinds: TaskKind[] } {
  return {
    kinds: [
      taskKind({
        name: 'transcoding.plan',
        payload: Type.Object(film, strict),
        role: 'worker',
        concurrency: 2,
        deadlineMs: hour,
        // A film waits for FFmpeg, for space and for its store as long as it takes.
        maxAttempts: 10_000,
        retry: { firstMs: 2000, mostMs: 60_000 },
        run: (payload, { signal }) => service.plan({ ...payload, signal }),
      }),
      taskKind({
        name: 'transcoding.fill',
        payload: Type.Object({ ...film, run: Type.Integer({ minimum: 0 }) }, strict),
        role: 'worker',
        concurrency: 2,
        deadlineMs: 2 * hour,
        maxAttempts: 10_000,
        retry: { firstMs: 2000, mostMs: 60_000 },
        run: (payload, { signal }) => service.fill({ ...payload, signal }),
      }),
      taskKind({
        name: 'transcoding.serve',
        payload: Type.Object({ ...film, row: Type.String(), cell: Type.Integer({ minimum: 0 }) }, strict),
        role: 'worker',
        concurrency: 2,
        deadlineMs: hour / 6,
        maxAttempts: 2,
        run: (payload, { signal }) => service.serve({ ...payload, signal }),
      }),
    ],
  }
}
