import type { Viewer } from '#server/lib/viewer.ts'
import type { VideoCard } from '#shared/api/videos.ts'
import type { Videos } from '../videos/index.ts'

export type Around = { videos: Pick<Videos, 'shelf' | 'cards'>; nowMs: number }

/** What a row has found: its name and the ids in their order. More than are shown: some may not be for this viewer. */
export type Skeleton = { key: string; title?: string; ids: readonly string[] }

/**
 * A row of the home page: skeleton, hydrate, rules, present. A new one is a file that says its skeleton; the other steps are the usual ones unless it
 * says otherwise. A row `for: 'all'` is made once for everybody who sees the same films and shared; it is never told who looks.
 */
export type Row =
  | { for: 'all'; skeletons(around: Around & { audience: 'public' | 'members' }): Promise<Skeleton[]> }
  | {
      for: 'person'
      skeletons(around: Around & { accountId: string; audience: 'public' | 'members' }): Promise<Skeleton[]>
      /** Also what is in no list, where this person has been. */
      hydrate?(videos: Around['videos'], viewer: Viewer, ids: readonly string[]): Promise<VideoCard[]>
    }

export const shownInRow = 20
/** Some of what is found may not be for this viewer. */
export const soughtForRow = 30
