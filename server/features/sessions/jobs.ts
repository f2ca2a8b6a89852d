import { sweeping } from '#server/jobs/sweeping.ts'
import type { SessionService } from './service.ts'

export function sessionJobs(service: SessionService) {
  const { kind, recurring } = sweeping('sessions.sweep', '41 * * * *', service.sweep)
  return { kinds: [kind], recurring: [recurring] }
}
