import type { Viewer } from '#server/lib/viewer.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { VideoCard } from '#shared/api/videos.ts'
import type { Follows } from '../follows/index.ts'
import type { Videos } from '../videos/index.ts'
import { type Row, shownInRow, type Skeleton } from './row.ts'
import { continueRow } from './rows/continue.ts'
import { featuredRow } from './rows/featured.ts'
import { followingRow } from './rows/following.ts'
import { hotRow } from './rows/hot.ts'
import { newRow } from './rows/new.ts'
import { tagsRow } from './rows/tags.ts'
import { joinRows, type WrittenRow, writeRow } from './written.ts'

/** In the order in which they stand on the page. */
const rows: readonly Row[] = [continueRow, featuredRow, hotRow, newRow, followingRow, tagsRow]

/** Every list of films carries it; see features/videos. */
const filmsTag = 'films'
const sharedMs = { freshMs: 5_000, staleMs: 30_000 }
const ownMs = { freshMs: 3_000 }

export type HomeParts = {
  videos: Pick<Videos, 'shelf' | 'cards' | 'audienceOf'>
  follows: Pick<Follows, 'blockedBy'>
  cache: Pick<Cache, 'get'>
  clock: Clock
}

/** Who looks when a row is made for all: as much as any of them, and nobody in particular. */
const nobody: Viewer = { kind: 'stranger', language: 'en', address: '' }
const noOne = { accountId: '', username: '', sessionId: '', timeZone: 'UTC' }
const anyOf: Record<'public' | 'members', Viewer> = {
  public: nobody,
  members: { ...nobody, ...noOne, kind: 'person', role: 'member', via: 'bearer' },
}

/** What one viewer adds to the rows that all share: rows of their own, where they stopped, and whom they do not want to see. */
type Own = { rows: (WrittenRow[] | null)[]; blocked: string[]; progress: Record<string, number> }

export function createHome({ videos, follows, cache, clock }: HomeParts) {
  const around = () => ({ videos, nowMs: clock.now() })
  const toRow = ({ key, title }: Skeleton, cards: readonly VideoCard[]) => writeRow({ key, title, cards: cards.slice(0, shownInRow) })

  /** By whom it may be shown to, never by who asks. */
  const sharedRows = (audience: 'public' | 'members') =>
    cache.get(`home:${audience}`, { ...sharedMs, tags: [filmsTag] }, () => {
      return Promise.all(
        rows.map(async (row): Promise<WrittenRow[] | null> => {
          if (row.for !== 'all') return null
          const found = await row.skeletons({ ...around(), audience })
          return Promise.all(found.map(async (one) => toRow(one, await videos.cards(anyOf[audience], one.ids))))
        }),
      )
    })

  const ownRows = (
    viewer: Viewer & { kind: 'person' },
    audience: 'public' | 'members',
    shared: readonly (readonly WrittenRow[] | null)[],
  ) =>
    cache.get(`home:${viewer.accountId}`, { ...ownMs, tags: [filmsTag, `person:${viewer.accountId}`] }, async (): Promise<Own> => {
      const { accountId } = viewer
      const sharedIds = new Set(shared.flatMap((made) => made ?? []).flatMap(({ films }) => films.map(({ id }) => id)))
      const [made, blocked, progress] = await Promise.all([
        Promise.all(
          rows.map(async (row): Promise<WrittenRow[] | null> => {
            if (row.for !== 'person') return null
            const found = await row.skeletons({ ...around(), accountId, audience })
            const hydrate = row.hydrate ?? ((from, who, ids) => from.cards(who, ids))
            return Promise.all(found.map(async (one) => toRow(one, await hydrate(videos, viewer, one.ids))))
          }),
        ),
        follows.blockedBy(viewer),
        videos.shelf.progress(accountId, [...sharedIds]),
      ])
      return { rows: made, blocked: [...blocked], progress: Object.fromEntries(progress) }
    })

  return {
    /** A `HomeAnswer`, written. */
    async home(viewer: Viewer): Promise<string> {
      const audience = videos.audienceOf(viewer)
      const shared = await sharedRows(audience)
      if (viewer.kind === 'stranger') return joinRows(shared.flatMap((made) => made ?? []))
      const { rows: made, ...own } = await ownRows(viewer, audience, shared)
      return joinRows(
        shared.flatMap((row, place) => row ?? made[place] ?? []),
        own,
      )
    },
  }
}
