import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { LibraryStore } from './library-store.ts'
import type { Told } from './told.ts'

/** What else must go with a video. May be asked twice. */
type OnGone = (videoId: string, signal: AbortSignal) => Promise<void>

const places = ['sources', 'cells', 'pictures', 'texts'] as const

type Parts = { library: LibraryStore; blobs: Pick<Blobs, 'list' | 'delete'>; clock: Clock; told: Pick<Told, 'changed'> }

/** What follows when somebody has thrown a video away: files first, the row last, so that whatever fails is found again. */
export function createRemoval({ library, blobs, clock, told }: Parts) {
  const onGone: OnGone[] = []

  async function removeBlobs(prefix: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted()
      const { items } = await blobs.list(prefix)
      if (items.length === 0) return
      await blobs.delete(items.map(({ name }) => name))
    }
  }

  return {
    onGone: (also: OnGone) => void onGone.push(also),

    async produce(after: string | undefined, limit: number) {
      const ids = await library.listThrownAway(clock.now(), after, limit)
      const items = ids.map((videoId) => ({ key: videoId, payload: { videoId } }))
      return { items, next: ids.length < limit ? undefined : ids.at(-1) }
    },

    async remove(videoId: string, signal: AbortSignal): Promise<void> {
      for (const place of places) await removeBlobs(`${place}/${videoId}/`, signal)
      for (const also of onGone) await also(videoId, signal)
      await library.forget(videoId)
    },

    async removeAllOf(accountId: string): Promise<void> {
      const ids = await library.idsOf(accountId)
      await library.throwAwayAllOf(accountId, clock.now())
      for (const id of ids) await told.changed(id)
    },
  }
}

export type Removal = ReturnType<typeof createRemoval>
