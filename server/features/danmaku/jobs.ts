import { closing } from '#server/jobs/closing.ts'
import type { DanmakuService } from './service.ts'

export const closedKind = 'danmaku.closed'

export function danmakuJobs(service: DanmakuService) {
  return { kinds: [closing(closedKind, service.removeAllOf)], recurring: [] }
}
