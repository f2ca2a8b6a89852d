import { createCursor } from '#server/lib/cursor.ts'
import { foldText, toLine } from '#server/lib/plain-text.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { PageQuery } from '#shared/api/common.ts'
import type { TagPage, VideoCard, VideoCardPage, VideosQuery } from '#shared/api/videos.ts'
import type { Videos } from '../videos/index.ts'

export type ListParts = { videos: Pick<Videos, 'shelf' | 'cards' | 'audienceOf' | 'seeUnlocked'>; clock: Clock }

const cursors = {
  new: createCursor('videos-new', ['whole', 'text']),
  hot: createCursor('videos-hot', ['whole', 'text']),
  top: createCursor('videos-top', ['whole', 'text']),
  tag: createCursor('videos-tag', ['text']),
}
const shownRelated = 12

/** Lists of films for everybody: the same four steps, with a cursor. */
export function createLists({ videos, clock }: ListParts) {
  const { shelf } = videos
  const shelfOf = (viewer: Viewer) => ({ audience: videos.audienceOf(viewer), nowMs: clock.now() })

  return {
    async list(viewer: Viewer, { sort = 'new', cursor: from, limit = 30 }: VideosQuery): Promise<VideoCardPage> {
      const cursor = cursors[sort]
      const walk = { ...shelfOf(viewer), after: cursor.read(from), limit }
      const skeleton = { new: shelf.newest, hot: shelf.hottest, top: shelf.mostViewed }[sort]
      const { items, next } = await skeleton(walk)
      return {
        items: await videos.cards(
          viewer,
          items.map(({ id }) => id),
        ),
        nextCursor: next ? cursor.write([Number(next[0]), String(next[1])]) : null,
      }
    },

    async tagged(viewer: Viewer, tag: string, { cursor: from, limit = 30 }: PageQuery): Promise<TagPage> {
      const key = foldText(toLine(tag)).slice(0, 100)
      const { items, next } = await shelf.tagged(key, { ...shelfOf(viewer), after: cursors.tag.read(from), limit })
      const cards = await videos.cards(
        viewer,
        items.map(({ id }) => id),
      )
      // Its spelling is told only where a film that shows it is: otherwise what nobody may see would be heard of.
      const label = cards.length > 0 ? await shelf.labelOf(key, cards[0]?.id ?? '') : undefined
      return { tag: label ?? toLine(tag), items: cards, nextCursor: next ? cursors.tag.write([String(next[0])]) : null }
    },

    /** By the tags they share, then of the same person, then what is hot. */
    async related(viewer: Viewer, vid: string, cookie: string | undefined): Promise<{ items: VideoCard[] }> {
      const video = await videos.seeUnlocked(viewer, vid, cookie)
      const shelfHere = shelfOf(viewer)
      const tags = (await shelf.tagKeys(video.id)).slice(0, 6)
      const walk = { ...shelfHere, after: undefined, limit: 40 }
      const [byTag, byOwner, hot] = await Promise.all([
        Promise.all(tags.map((key) => shelf.tagged(key, walk))),
        shelf.ofOwner(video.owner_id, { ...shelfHere, limit: 12 }),
        shelf.hottest({ ...walk, limit: 20 }),
      ])
      const ids = rankRelated(
        byTag.map(({ items }) => items.map(({ id }) => id)),
        byOwner,
        hot.items.map(({ id }) => id),
      )
      const cards = await videos.cards(viewer, ids.filter((id) => id !== video.id).slice(0, 2 * shownRelated))
      return { items: cards.slice(0, shownRelated) }
    },
  }
}

/** Each shared tag counts two, the same person one; among equals in the order in which they were found. */
function rankRelated(byTag: readonly (readonly string[])[], byOwner: readonly string[], hot: readonly string[]): string[] {
  const scores = new Map<string, number>()
  const add = (ids: readonly string[], score: number) => {
    for (const id of ids) scores.set(id, (scores.get(id) ?? 0) + score)
  }
  for (const ids of byTag) add(ids, 2)
  add(byOwner, 1)
  add(hot, 0)
  return [...scores].sort(([, a], [, b]) => b - a).map(([id]) => id)
}
