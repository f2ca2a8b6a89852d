import { closing } from '#server/jobs/closing.ts'
import type { CommentService } from './service.ts'

export const closedKind = 'comments.closed'

export function commentJobs(service: CommentService) {
  return { kinds: [closing(closedKind, service.removeAllOf)], recurring: [] }
}
