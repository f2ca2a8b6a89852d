import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { LibraryStore } from './library-store.ts'

/** What else must go with a video. May be asked twice. */
type OnGone = (videoId: string, signal: AbortSignal) => Promise<void>

const places = ['sources', 'cells', 'pictures', 'texts'] as const

/** What follows when somebody has thrown a video away: files first, the row last, so that whatever fails is found again. */
export function createRemoval({ library, blobs, clock }: { library: LibraryStore; blobs: Pick<Blobs, 'list' | 'delete'>; clock: Clock }) {
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
      const ids = await library.listThrownAway(after, limit)
      const items = ids.map((videoId) => ({ key: videoId, payload: { videoId } }))
      return { items, next: ids.length < limit ? undefined : ids.at(-1) }
    },

    async remove(videoId: string, signal: AbortSignal): Promise<void> {
      for (const place of places) await removeBlobs(`${place}/${videoId}/`, signal)
      for (const also of onGone) await also(videoId, signal)
      await library.forget(videoId)
    },

    removeAllOf: (accountId: string) => library.throwAwayAllOf(accountId, clock.now()),
  }
}

export type Removal = ReturnType<typeof createRemoval>
