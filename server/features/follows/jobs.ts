import { closing } from '#server/jobs/closing.ts'
import type { FollowService } from './service.ts'

export const closedKind = 'follows.closed'

export function followJobs(service: FollowService) {
  return { kinds: [closing(closedKind, service.removeAllOf)], recurring: [] }
}
