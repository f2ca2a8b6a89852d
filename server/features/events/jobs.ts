import { sweeping } from '#server/jobs/sweeping.ts'
import type { EventService } from './service.ts'

export function eventJobs(service: EventService) {
  const { kind, recurring } = sweeping('events.sweep', '17 * * * *', service.sweep)
  return { kinds: [kind], recurring: [recurring] }
}
