import { closing } from '#server/jobs/closing.ts'
import { sweeping } from '#server/jobs/sweeping.ts'
import type { EventService } from './service.ts'

export const closedKind = 'events.closed'

export function eventJobs(service: EventService) {
  const { kind, recurring } = sweeping('events.sweep', '17 * * * *', service.sweep)
  return { kinds: [kind, closing(closedKind, service.removeAllOf)], recurring: [recurring] }
}
