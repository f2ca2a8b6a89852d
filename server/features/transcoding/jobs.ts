import { availableParallelism } from 'node:os'
import { Type } from 'typebox'
import { type Recurring, type TaskKind, taskKind } from '#server/jobs/task-kind.ts'
import type { Again } from './again.ts'
import type { Dress } from './dress.ts'
import type { TranscodingService } from './service.ts'

const film = { videoId: Type.String(), generation: Type.Integer() }
const strict = { additionalProperties: false }
const cells = Type.Object({ start: Type.Integer({ minimum: 0 }), end: Type.Integer({ minimum: 1 }) }, strict)
const some = Type.Object({ ...film, rows: Type.Array(Type.String(), { minItems: 1, maxItems: 16 }), cells }, strict)
const hour = 3_600_000
/** A film waits for FFmpeg, for space and for its store as long as it takes; what is its own fault ends by itself. */
const patient = { maxAttempts: 1_000_000, retry: { firstMs: 2000, mostMs: 10_000 } }
/** Of a worker that has died or stopped others take over after so long; twice made does no harm. */
const leaseMs = 15_000
/** Somebody sits before it. */
const servedLeaseMs = 8000

export function transcodingJobs(service: TranscodingService, dress: Dress, again: Again): { kinds: TaskKind[]; recurring: Recurring[] } {
  return {
    kinds: [
      taskKind({
        name: 'transcoding.plan',
        payload: Type.Object(film, strict),
        role: 'worker',
        leaseMs,
        concurrency: 2,
        deadlineMs: 12 * hour,
        ...patient,
        run: (payload, { signal, attempt }) => service.plan({ ...payload, attempt, signal }),
      }),
      taskKind({
        name: 'transcoding.grow',
        payload: Type.Object(film, strict),
        role: 'worker',
        leaseMs,
        concurrency: 1,
        deadlineMs: hour,
        maxAttempts: 2,
        run: (payload, { signal }) => service.grow({ ...payload, signal }),
      }),
      taskKind({
        name: 'transcoding.fill',
        payload: Type.Object({ ...film, run: Type.Integer({ minimum: 0 }) }, strict),
        role: 'worker',
        leaseMs,
        // One process of one thread for each core.
        concurrency: availableParallelism(),
        deadlineMs: 2 * hour,
        ...patient,
        run: (payload, { signal, attempt }) => service.fill({ ...payload, attempt, signal }),
      }),
      taskKind({
        name: 'transcoding.serve',
        payload: some,
        role: 'worker',
        leaseMs: servedLeaseMs,
        concurrency: Math.max(2, availableParallelism()),
        deadlineMs: hour / 6,
        maxAttempts: 2,
        run: (payload, { signal }) => service.serve({ ...payload, signal }),
      }),
      taskKind({
        name: 'transcoding.ahead',
        payload: some,
        role: 'worker',
        leaseMs: servedLeaseMs,
        concurrency: Math.max(1, Math.floor(availableParallelism() / 2)),
        deadlineMs: hour / 6,
        maxAttempts: 2,
        run: (payload, { signal }) => service.serve({ ...payload, signal }),
      }),
      taskKind({
        name: 'transcoding.poster',
        payload: Type.Object({ ...film, atMs: Type.Optional(Type.Integer({ minimum: 0 })) }, strict),
        role: 'worker',
        concurrency: 1,
        deadlineMs: hour / 4,
        ...patient,
        run: (payload, { signal }) => dress.makePoster({ ...payload, signal }),
      }),
      taskKind({
        name: 'transcoding.dress',
        payload: Type.Object(film, strict),
        role: 'worker',
        concurrency: 1,
        deadlineMs: 12 * hour,
        ...patient,
        run: (payload, { signal }) => dress.dress({ ...payload, signal }),
      }),
      taskKind({
        name: 'transcoding.mend',
        payload: Type.Object({ ...film, row: Type.String() }, strict),
        role: 'worker',
        concurrency: 1,
        deadlineMs: 12 * hour,
        ...patient,
        run: (payload, { signal }) => again.mend({ ...payload, signal }),
      }),
      taskKind({
        name: 'transcoding.sweep',
        payload: Type.Object({}, strict),
        role: 'scheduler',
        concurrency: 1,
        deadlineMs: hour,
        run: (_, { signal }) => again.sweep({ signal }),
      }),
    ],
    recurring: [{ name: 'transcoding.sweep', cron: '17 * * * *', task: { kind: 'transcoding.sweep', payload: {} } }],
  }
}
