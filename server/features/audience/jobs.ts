import { closing } from '#server/jobs/closing.ts'
import { sweeping } from '#server/jobs/sweeping.ts'
import type { AudienceService } from './service.ts'

export const closedKind = 'audience.closed'

export function audienceJobs(service: AudienceService) {
  const { kind, recurring } = sweeping('audience.sweep', '17 * * * *', service.sweep)
  return { kinds: [closing(closedKind, service.removeAllOf), kind], recurring: [recurring] }
}
