import { openChinese } from '#server/lib/chinese.ts'
import { createCursor } from '#server/lib/cursor.ts'
import { may } from '#server/lib/may.ts'
import { firstOf } from '#server/lib/first-of.ts'
import { foldText, toLine } from '#server/lib/plain-text.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { PersonCard } from '#shared/api/accounts.ts'
import type { SearchAnswer, SearchQuery, SuggestAnswer } from '#shared/api/search.ts'
import type { Follows } from '../follows/index.ts'
import type { Videos } from '../videos/index.ts'
import type { Film } from './film.ts'
import type { FilmIndex, Hit } from './film-index.ts'
import { foldForSearch, termsOf } from './fold.ts'
import type { LiveIndex } from './live-index.ts'
import { type Line, saidTerms } from './said.ts'
import type { PersonRow, SearchStore } from './store.ts'

export type SearchParts = {
  store: SearchStore
  index: LiveIndex
  videos: Pick<Videos, 'cards' | 'audienceOf'>
  follows: Pick<Follows, 'blockedBy'>
  toCard: (row: PersonRow) => PersonCard
  clock: Clock
}

type Sort = 'best' | 'new' | 'views'
type Ranked = { film: Film; key: number; said: Hit['said'] }

const cursors = {
  best: createCursor('search-best', ['whole', 'text']),
  new: createCursor('search-new', ['whole', 'text']),
  views: createCursor('search-views', ['whole', 'text']),
}
const hourMs = 3_600_000
const ages = { day: 24 * hourMs, week: 7 * 24 * hourMs, month: 31 * 24 * hourMs, year: 366 * 24 * hourMs }
const lengths: Record<NonNullable<SearchQuery['length']>, (ms: number) => boolean> = {
  short: (ms) => ms < hourMs / 6,
  medium: (ms) => ms >= hourMs / 6 && ms < hourMs,
  long: (ms) => ms >= hourMs,
}
const mostPeople = 5
const mostSuggested = 8
/** Among many, some are enough: whoever means one of them says more. */
const mostSaid = 300

export type SearchService = ReturnType<typeof createSearchService>

export function createSearchService({ store, index, videos, follows, toCard, clock }: SearchParts) {
  async function fitsFor(viewer: Viewer, { tag, length, age }: SearchQuery): Promise<(film: Film) => boolean> {
    const blocked = await follows.blockedBy(viewer)
    const isMember = videos.audienceOf(viewer) === 'members'
    const nowMs = clock.now()
    const key = tag === undefined ? undefined : foldText(toLine(tag)).slice(0, 100)
    return (film) =>
      (film.audience === 'public' || (film.audience === 'members' && isMember)) &&
      film.publishedMs <= nowMs &&
      !blocked.has(film.ownerId) &&
      (key === undefined || film.tagKeys.includes(key)) &&
      (age === undefined || film.publishedMs > nowMs - ages[age]) &&
      (length === undefined || (film.durationMs !== null && lengths[length](film.durationMs)))
  }

  async function seek(viewer: Viewer, query: SearchQuery): Promise<{ hits: Hit[]; isGuess: boolean; folded: string }> {
    const folded = foldForSearch(query.q ?? '', await openChinese())
    const terms = termsOf(folded)
    const [films, fits] = await Promise.all([index.open(), fitsFor(viewer, query)])
    // Signs alone are nothing that could be sought.
    if (terms.length === 0 && folded !== '') return { hits: [], isGuess: false, folded }
    const named = films.find(terms, fits)
    const hits = terms.length === 0 ? named : [...named, ...(await saidIn(films, folded, named, fits))]
    if (hits.length > 0 || terms.length === 0) return { hits, isGuess: false, folded }
    const guessed = films.guess(terms, fits)
    return { hits: guessed, isGuess: guessed.length > 0, folded }
  }

  /** What nothing else of a film says stands last, with the moment at which it is said. */
  async function saidIn(films: FilmIndex, folded: string, named: readonly Hit[], fits: (film: Film) => boolean): Promise<Hit[]> {
    const terms = saidTerms(folded)
    if (!terms) return []
    const known = new Set(named.map(({ film }) => film.id))
    const found = new Map<string, Hit>()
    for (const { video_id, at_ms, cues } of await store.said(terms, mostSaid)) {
      const film = films.get(video_id)
      const before = found.get(video_id)?.said
      if (!film || known.has(video_id) || (before && before.atMs <= at_ms) || !fits(film)) continue
      found.set(video_id, { film, score: 0, said: { atMs: at_ms, cues } })
    }
    return [...found.values()]
  }

  /** The line in which the first of it is said. */
  async function momentOf(said: NonNullable<Hit['said']>, folded: string): Promise<{ atMs: number; text: string }> {
    const lines = JSON.parse(said.cues) as Line[]
    const chinese = await openChinese()
    const [term = ''] = termsOf(folded)
    const [atMs = said.atMs, text = ''] = lines.find(([, line]) => foldForSearch(line, chinese).includes(term)) ?? lines[0] ?? []
    return { atMs, text: text.slice(0, 200) }
  }

  async function people(viewer: Viewer, folded: string, hits: readonly Hit[]): Promise<PersonCard[]> {
    if (folded === '') return []
    const owners = new Set(hits.slice(0, 200).flatMap(({ film }) => (film.owner.includes(folded) ? [film.ownerId] : [])))
    const rows = await store.people(folded, [...owners].slice(0, 20), 4 * mostPeople)
    return rows
      .filter(({ id, audience }) => may(viewer, 'profile.see', { accountId: id, audience }))
      .slice(0, mostPeople)
      .map(toCard)
  }

  return {
    /** For whoever looks after all films: nothing is kept from them, and what was hit is theirs to order. */
    async all(q: string, fits: (film: Film) => boolean): Promise<Hit[]> {
      const folded = foldForSearch(q, await openChinese())
      const terms = termsOf(folded)
      if (terms.length === 0 && folded !== '') return []
      const films = await index.open()
      const hits = films.find(terms, fits)
      return hits.length > 0 || terms.length === 0 ? hits : films.guess(terms, fits)
    },

    async search(viewer: Viewer, query: SearchQuery): Promise<SearchAnswer> {
      const { sort = 'best', cursor: from, limit = 30 } = query
      const after = cursors[sort].read(from)
      const { hits, isGuess, folded } = await seek(viewer, query)
      const ranked = best(hits, sort, after, limit + 1)
      const shown = ranked.slice(0, limit)
      const last = shown.at(-1)
      const [cards, persons] = await Promise.all([
        videos.cards(
          viewer,
          shown.map(({ film }) => film.id),
        ),
        from === undefined ? people(viewer, folded, hits) : [],
      ])
      const said = new Map(shown.flatMap((one) => (one.said ? [[one.film.id, one.said] as const] : [])))
      const items = await Promise.all(
        cards.map(async (card) => {
          const there = said.get(card.id)
          return there ? { ...card, moment: await momentOf(there, folded) } : card
        }),
      )
      // What a row no longer shows is counted no longer: the index hears of it a moment later.
      const total = hits.length - (shown.length - items.length)
      const nextCursor = ranked.length > limit && last ? cursors[sort].write([last.key, last.film.id]) : null
      return { items, people: persons, nextCursor, total, isGuess }
    },

    async suggest(viewer: Viewer, q: string): Promise<SuggestAnswer> {
      const { hits } = await seek(viewer, { q })
      const ids = best(hits, 'best', undefined, mostSuggested).map(({ film }) => film.id)
      const titles = (await videos.cards(viewer, ids)).map(({ title }) => title)
      return { items: [...new Set(titles)] }
    },
  }
}

/** The first ones beyond a place, in an order that no two films share. */
function best(hits: readonly Hit[], sort: Sort, after: readonly [number, string] | undefined, limit: number): Ranked[] {
  const keyOf = ({ film, score }: Hit) => (sort === 'new' ? film.publishedMs : sort === 'views' ? film.views : score)
  const isBefore = (key: number, id: string, other: number, otherId: string) => key > other || (key === other && id > otherId)
  const ranked = hits.map((hit): Ranked => ({ film: hit.film, key: keyOf(hit), said: hit.said }))
  const beyond = after ? ranked.filter(({ film, key }) => isBefore(after[0], after[1], key, film.id)) : ranked
  return firstOf(beyond, (one, other) => isBefore(one.key, one.film.id, other.key, other.film.id), limit)
}
