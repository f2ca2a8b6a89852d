import { closing } from '#server/jobs/closing.ts'
import type { HistoryService } from './service.ts'

export const closedKind = 'history.closed'

export function historyJobs(service: HistoryService) {
  return { kinds: [closing(closedKind, service.removeAllOf)], recurring: [] }
}
