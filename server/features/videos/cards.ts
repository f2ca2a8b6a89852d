import { may } from '#server/lib/may.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { PersonCard } from '#shared/api/accounts.ts'
import type { Video, VideoCard } from '#shared/api/videos.ts'
import type { LibraryStore, OwnerRow } from './library-store.ts'
import type { Audience, ShelfStore } from './shelf-store.ts'
import type { VideoRow } from './store.ts'
import { type About, toCard, toThing, toVideo } from './view.ts'

export type CardParts = { library: LibraryStore; shelf: ShelfStore; clock: Clock; toCard: (row: OwnerRow) => PersonCard }

/** `see`: also what is in no list, for whoever has been there; they may still see it now. */
type Rule = 'video.list' | 'video.see'

export type Cards = ReturnType<typeof createCards>

/** From ids to what is shown: hydrate in batches, the rules, and present. What one may not see is dropped, whoever named it. */
export function createCards(parts: CardParts) {
  const { library, shelf, clock } = parts

  async function about(viewer: Viewer, rows: readonly VideoRow[]): Promise<(row: VideoRow) => About | undefined> {
    const ids = rows.map(({ id }) => id)
    const isPerson = viewer.kind === 'person'
    const [owners, figures, progress, marks] = await Promise.all([
      library.owners([...new Set(rows.map(({ owner_id }) => owner_id))]),
      shelf.figures(ids),
      isPerson ? shelf.progress(viewer.accountId, ids) : new Map<string, number>(),
      isPerson ? shelf.marks(viewer.accountId, ids) : new Set<string>(),
    ])
    const nowMs = clock.now()
    return (row) => {
      const owner = owners.get(row.owner_id)
      return (
        owner && {
          viewer,
          nowMs,
          owner: parts.toCard(owner),
          figures: figures.get(row.id),
          progressMs: progress.get(row.id) ?? null,
          isLiked: marks.has(`like ${row.id}`),
          isFavourite: marks.has(`favourite ${row.id}`),
        }
      )
    }
  }

  return {
    /** In the order of the ids, without what this viewer may not find. */
    async cards(viewer: Viewer, ids: readonly string[], rule: Rule = 'video.list'): Promise<VideoCard[]> {
      const rows = await shelf.rows(ids)
      const nowMs = clock.now()
      const shown = ids.flatMap((id) => rows.get(id) ?? []).filter((row) => may(viewer, rule, toThing(row, nowMs)))
      const aboutOf = await about(viewer, shown)
      return shown.flatMap((row) => {
        const more = aboutOf(row)
        return more ? [toCard(row, more)] : []
      })
    },

    async videos(viewer: Viewer, rows: readonly VideoRow[]): Promise<Video[]> {
      const [aboutOf, tags] = await Promise.all([about(viewer, rows), library.tags(rows.map(({ id }) => id))])
      return rows.flatMap((row) => {
        const more = aboutOf(row)
        return more ? [toVideo(row, { ...more, tags: tags.get(row.id) ?? [] })] : []
      })
    },

    audienceOf(viewer: Viewer): Audience {
      const nowMs = clock.now()
      const thing = { ownerId: '', visibility: 'members', state: 'ready', publishMs: null, deletedMs: null, nowMs } as const
      return may(viewer, 'video.list', thing) ? 'members' : 'public'
    },
  }
}
