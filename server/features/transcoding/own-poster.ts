import type { Videos } from '#server/features/videos/index.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import { readPicture } from '#server/media/pictures/own-picture.ts'
import { thumbhashOf } from '#server/media/pictures/picture.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import { demandPerson } from './demand-person.ts'
import { ownPosters, writePoster } from './pictures.ts'
import { readBounded } from './texts.ts'
import type { OwnPosterStore } from './own-poster-store.ts'

type Parts = {
  posters: OwnPosterStore
  videos: Pick<Videos, 'change' | 'grew'>
  blobs: Blobs
  clock: Clock
  newId: () => string
}
export type OwnPoster = ReturnType<typeof createOwnPoster>

const mostBytes = 10 * 2 ** 20

/** The picture that its owner brings stands for a film, whatever its source: before it is planned, and when it is replaced. */
export function createOwnPoster({ posters, videos, blobs, clock, newId }: Parts) {
  async function removePictures(videoId: string, stamp: string): Promise<void> {
    const { items } = await blobs.list(`${ownPosters(videoId)}${stamp}-`)
    await blobs.delete(items.map(({ name }) => name))
  }

  return {
    find: (videoId: string) => posters.find(videoId),

    async put(viewer: Viewer, videoId: string, body: AsyncIterable<Uint8Array>): Promise<void> {
      demandPerson(viewer)
      const { generation } = await videos.change(viewer, videoId)
      const bytes = await readBounded(body, mostBytes)
      if (bytes.length > mostBytes) throw new Problem('too_large', 'avatar.too_large', { params: { limit: mostBytes / 2 ** 20 } })
      const read = await readPicture(bytes)
      if (read.state === 'refused')
        throw read.why === 'unsupported'
          ? new Problem('unsupported', 'avatar.unsupported')
          : new Problem('invalid', 'avatar.too_many_pixels', { params: { limit: 40 } })
      const stamp = newId()
      await writePoster(blobs, { key: { videoId, generation: 0 }, stamp, picture: read.picture })
      const before = await posters.put({ videoId, stamp, nowMs: clock.now() })
      await videos.grew({ videoId, generation, facts: { thumbhash: await thumbhashOf(read.picture), hasNewPoster: true } })
      if (before !== undefined) await removePictures(videoId, before)
    },

    /** A frame of the film was chosen instead. */
    async drop(videoId: string): Promise<void> {
      const stamp = await posters.find(videoId)
      if (stamp === undefined) return
      await posters.forget(videoId)
      await removePictures(videoId, stamp)
    },
  }
}
