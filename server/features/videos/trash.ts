import { demand, may } from '#server/lib/may.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { DeletedVideoList, Video } from '#shared/api/videos.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Cards } from './cards.ts'
import { noSuchVideo, notLoggedIn } from './errors.ts'
import type { Logged } from './logged.ts'
import type { LibraryStore, Statement } from './library-store.ts'
import type { VideoService } from './service.ts'
import type { VideoRow } from './store.ts'
import type { Told } from './told.ts'
import { toThing } from './view.ts'

/** By the names of the contract. */
export type Place = { username: string; vid: string }

type Parts = {
  clock: Clock
  accounts: { profiles: Pick<Accounts['profiles'], 'find'> }
  library: LibraryStore
  cards: Cards
  told: Told
  videos: Pick<VideoService, 'sourceAgain'>
  logged: Logged
  find(viewer: Viewer, place: Place): Promise<VideoRow>
  presentOne(viewer: Viewer, row: VideoRow): Promise<Video>
}

/** So long a film that was thrown away can be had back. To all but its keepers it is gone at once. */
const secondThoughtsMs = 24 * 3_600_000

const moment = (ms: number | null) => new Date(ms ?? 0).toISOString()

export function createTrash({ clock, accounts, library, cards, told, videos, logged, find, presentOne }: Parts) {
  /** As the policy sees it once it is back. */
  const asItWas = (row: VideoRow) => ({ ...toThing(row, clock.now()), deletedMs: null })

  async function findThrownAway(viewer: Viewer, { username, vid }: Place): Promise<VideoRow | undefined> {
    const account = await accounts.profiles.find(viewer, username)
    const row = await library.findThrownAway(vid, clock.now())
    return row && row.owner_id === account.id && may(viewer, 'video.delete', asItWas(row)) ? row : undefined
  }

  return {
    /** Gone from everywhere at once; `isNow`: for good, also what was thrown away before. */
    async remove(viewer: Viewer, place: Place, isNow = false): Promise<void> {
      if (viewer.kind === 'stranger') throw notLoggedIn()
      const nowMs = clock.now()
      const before = isNow ? await findThrownAway(viewer, place) : undefined
      if (before) return library.goNow(before.id, nowMs)
      const row = await find(viewer, place)
      demand(viewer, 'video.delete', toThing(row, nowMs))
      const deed = { nowMs, also: logged(viewer, row, 'video.delete') }
      if (!(await library.throwAway(row.id, isNow ? nowMs : nowMs + secondThoughtsMs, deed))) throw noSuchVideo()
      await told.changed(row.id)
      await told.narrowed(row.id)
    },

    /** By word of the moderators, with a day's second thoughts too. */
    async takeAway(videoId: string): Promise<void> {
      const nowMs = clock.now()
      if (!(await library.throwAway(videoId, nowMs + secondThoughtsMs, { nowMs }))) return
      await told.changed(videoId)
      await told.narrowed(videoId)
    },

    /** `also`: the entry of the log, in the same commit. */
    async hide(videoId: string, isHidden: boolean, also: readonly Statement[] = []): Promise<boolean> {
      if (!(await library.hide(videoId, isHidden, { nowMs: clock.now(), also }))) return false
      await told.changed(videoId)
      await told.narrowed(videoId)
      return true
    },

    /** For its keepers; others are told that there is nothing. */
    async list(viewer: Viewer, username: string): Promise<DeletedVideoList> {
      if (viewer.kind === 'stranger') throw notLoggedIn()
      const account = await accounts.profiles.find(viewer, username)
      const rows = (await library.thrownAwayBy(account.id, clock.now() - secondThoughtsMs, clock.now())).filter((row) =>
        may(viewer, 'video.delete', asItWas(row)),
      )
      const byId = new Map(rows.map((row) => [row.id, row]))
      const videos = await cards.videos(
        viewer,
        rows.map((row) => ({ ...row, deleted_ms: null })),
      )
      return {
        items: videos.map((video) => {
          const { deleted_ms, gone_ms } = byId.get(video.id) ?? { deleted_ms: 0, gone_ms: 0 }
          return { ...video, deletedAt: moment(deleted_ms), goneAt: moment(gone_ms) }
        }),
      }
    },

    async restore(viewer: Viewer, place: Place): Promise<Video> {
      if (viewer.kind === 'stranger') throw notLoggedIn()
      const row = await findThrownAway(viewer, place)
      const nowMs = clock.now()
      if (!row || !(await library.restore(row.id, { nowMs, also: logged(viewer, row, 'video.restore') }))) throw noSuchVideo()
      // What was being made of it when it went was swept away: it is made again.
      if (row.state === 'processing' || row.state === 'playable') await videos.sourceAgain(row.id)
      await told.changed(row.id)
      return presentOne(viewer, await find(viewer, place))
    },
  }
}
