import { closing } from '#server/jobs/closing.ts'
import type { Recurring, TaskKind } from '#server/jobs/task-kind.ts'
import type { PlaylistService } from './service.ts'

export const closedKind = 'playlists.closed'

export const playlistJobs = (service: PlaylistService): { kinds: TaskKind[]; recurring: Recurring[] } => ({
  kinds: [closing(closedKind, service.removeAllOf)],
  recurring: [],
})
