import { Type } from 'typebox'
import { type Recurring, type TaskKind, taskKind } from '#server/jobs/task-kind.ts'
import type { AudienceService } from './service.ts'

export const closedKind = 'audience.closed'
const sweepKind = 'audience.sweep'
const strict = { additionalProperties: false }

export function audienceJobs(service: AudienceService): { kinds: TaskKind[]; recurring: Recurring[] } {
  const closed = taskKind({
    name: closedKind,
    payload: Type.Object({ accountId: Type.String() }, strict),
    role: 'scheduler',
    concurrency: 1,
    deadlineMs: 600_000,
    run: ({ accountId }, { signal }) => service.removeAllOf(accountId, signal),
  })
  const sweep = taskKind({
    name: sweepKind,
    payload: Type.Object({}, strict),
    role: 'scheduler',
    concurrency: 1,
    overAll: 1,
    deadlineMs: 600_000,
    run: (_, { signal }) => service.sweep(signal),
  })
  return { kinds: [closed, sweep], recurring: [{ name: sweepKind, cron: '17 * * * *', task: { kind: sweepKind, payload: {} } }] }
}
