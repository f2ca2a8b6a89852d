import { createCursor } from '#server/lib/cursor.ts'
import { firstOf } from '#server/lib/first-of.ts'
import { demand } from '#server/lib/may.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { AdminFilm, AdminFilmPage, AdminFilmsQuery } from '#shared/api/curation.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Admin } from '../admin/index.ts'
import type { Notices } from '../notices/index.ts'
import type { Film, Search } from '../search/index.ts'
import type { Videos } from '../videos/index.ts'
import { changedMeanwhile, noOtherFilm, noSuchFilm, noSuchPerson, withItself } from './errors.ts'
import type { CurationStore, VideoRow } from './store.ts'

export type Moving = { from: string; into: string }
export type CurationParts = {
  store: CurationStore
  accounts: { profiles: Pick<Accounts['profiles'], 'find'> }
  audit: Pick<Admin['audit'], 'entry'>
  videos: Pick<Videos, 'videos' | 'told' | 'thingOf'>
  search: Pick<Search, 'all'>
  notices: Pick<Notices, 'toTell'>
  /** Each takes what one film has to another, and may be asked twice. */
  movers: readonly ((moving: Moving, signal: AbortSignal) => Promise<void>)[]
  clock: Clock
}

type Sort = NonNullable<AdminFilmsQuery['sort']>
type Place = readonly [key: number, id: string]

const cursors = {
  best: createCursor('films-best', ['whole', 'text']),
  new: createCursor('films-new', ['whole', 'text']),
  old: createCursor('films-old', ['whole', 'text']),
  views: createCursor('films-views', ['whole', 'text']),
}

export type CurationService = ReturnType<typeof createCurationService>

export function createCurationService({ store, accounts, audit, videos, search, notices, movers, clock }: CurationParts) {
  async function get(viewer: Viewer, id: string): Promise<VideoRow> {
    demand(viewer, 'films.list')
    const row = await store.find(id)
    if (!row) throw noSuchFilm()
    demand(viewer, 'video.curate', videos.thingOf(row))
    return row
  }

  async function present(viewer: Viewer, rows: readonly VideoRow[]): Promise<AdminFilm[]> {
    const [shown, twins] = await Promise.all([
      videos.videos(viewer, rows),
      store.twins(rows.flatMap(({ source_sha256 }) => source_sha256 ?? [])),
    ])
    const byId = new Map(rows.map((row) => [row.id, row]))
    return shown.map((video) => {
      const row = byId.get(video.id)
      return {
        ...video,
        featuredAt: row?.featured_ms ? new Date(row.featured_ms).toISOString() : null,
        bytes: row?.source_size ?? null,
        twins: Math.max(0, (twins.get(row?.source_sha256 ?? '') ?? 1) - 1),
      }
    })
  }

  async function fitsFor(viewer: Viewer, { state, visibility, owner, is }: AdminFilmsQuery) {
    const ownerId = owner === undefined ? undefined : await idOf(viewer, owner)
    const twins = is === 'twin' ? await sourcesOfMany() : undefined
    return (film: Film) =>
      (state === undefined || film.state === state) &&
      (visibility === undefined || film.visibility === visibility) &&
      (owner === undefined || film.ownerId === ownerId) &&
      (is !== 'featured' || film.isFeatured) &&
      (is !== 'hidden' || film.isHidden) &&
      (twins === undefined || twins.has(film.source))
  }

  /** Undefined where there is nobody of that name: a filter then fits nothing. */
  const idOf = async (viewer: Viewer, username: string): Promise<string | undefined> => {
    try {
      return (await accounts.profiles.find(viewer, username)).id
    } catch (error) {
      if (error instanceof Problem && error.kind === 'not_found') return undefined
      throw error
    }
  }

  async function sourcesOfMany(): Promise<Set<number>> {
    const counts = new Map<number, number>()
    for (const { film } of await search.all('', () => true)) counts.set(film.source, (counts.get(film.source) ?? 0) + 1)
    return new Set([...counts].flatMap(([source, count]) => (source !== 0 && count > 1 ? [source] : [])))
  }

  async function sought(viewer: Viewer, query: AdminFilmsQuery, sort: Sort, after: Place | undefined, limit: number): Promise<Place[]> {
    const { q = '', is } = query
    const hits = await search.all(q, await fitsFor(viewer, query))
    const keyOf = ({ film, score }: (typeof hits)[number]) => {
      // Those from one file stand together.
      if (is === 'twin') return film.source
      return sort === 'best' ? score : sort === 'views' ? film.views : 0
    }
    const isBefore = ([key, id]: Place, [other, otherId]: Place) =>
      key > other || (key === other && (sort === 'old' ? id < otherId : id > otherId))
    const places = hits.map((hit): Place => [keyOf(hit), hit.film.id])
    return firstOf(after ? places.filter((place) => isBefore(after, place)) : places, isBefore, limit + 1)
  }

  return {
    async list(viewer: Viewer, query: AdminFilmsQuery): Promise<AdminFilmPage> {
      demand(viewer, 'films.list')
      const { q = '', state, visibility, owner, is, limit = 30 } = query
      const { sort = q.trim() === '' ? 'new' : 'best' } = query
      const after = cursors[sort].read(query.cursor)
      const isPlain = q.trim() === '' && [state, visibility, owner, is].every((one) => one === undefined)
      const write = ([key, id]: Place) => cursors[sort].write([key, id])
      if (isPlain && (sort === 'new' || sort === 'old')) {
        const rows = await store.page(sort === 'new' ? 'desc' : 'asc', after?.[1], limit)
        const last = rows[limit - 1]
        return { items: await present(viewer, rows.slice(0, limit)), nextCursor: rows.length > limit && last ? write([0, last.id]) : null }
      }
      const places = await sought(viewer, query, sort, after, limit)
      const last = places[limit - 1]
      const rows = await store.rows(places.slice(0, limit).map(([, id]) => id))
      return { items: await present(viewer, rows), nextCursor: places.length > limit && last ? write(last) : null }
    },

    async feature(viewer: Viewer, id: string, isFeatured: boolean): Promise<void> {
      const row = await get(viewer, id)
      if ((row.featured_ms !== null) === isFeatured) return
      const nowMs = clock.now()
      const entry = audit.entry(viewer, { action: isFeatured ? 'video.feature' : 'video.unfeature', subject: subjectOf(row) })
      if (!(await store.feature(id, isFeatured ? nowMs : null, { nowMs, entry }))) throw changedMeanwhile()
      await videos.told.changed(id)
    },

    /** Whose it was sees of it what others see, from this moment on, and has it in no series; whose it is now is told. */
    async handOver(viewer: Viewer, id: string, to: string): Promise<void> {
      const row = await get(viewer, id)
      const toId = await idOf(viewer, to)
      if (toId === undefined) throw noSuchPerson()
      if (toId === row.owner_id) return
      const entry = audit.entry(viewer, { action: 'video.hand_over', subject: subjectOf(row), details: { from: row.owner_id, to: toId } })
      const nowMs = clock.now()
      const told = notices.toTell({ kind: 'film_given', to: [toId], origin: `given ${id} ${nowMs}`, group: `given ${id}`, videoId: id })
      if (!(await store.handOver(row, toId, { nowMs, entry, told }))) throw changedMeanwhile()
      await videos.told.changed(id)
      await videos.told.narrowed(id)
    },

    /** What people said and did about the one is of the other; its address leads there. There is no way back. */
    async merge(viewer: Viewer, id: string, into: string): Promise<void> {
      const row = await get(viewer, id)
      if (id === into) throw withItself()
      const kept = await store.find(into)
      if (!kept) throw noOtherFilm()
      const details = { into, title: kept.title }
      const entry = audit.entry(viewer, { action: 'video.merge', subject: subjectOf(row), details })
      if (!(await store.merge({ from: id, into }, { nowMs: clock.now(), entry }))) throw changedMeanwhile()
      for (const one of [id, into]) await videos.told.changed(one)
      await videos.told.narrowed(id)
    },

    async moveAll(moving: Moving, signal: AbortSignal): Promise<void> {
      for (const move of movers) await move(moving, signal)
      await store.goNow(moving.from, clock.now())
      await videos.told.changed(moving.into)
    },
  }
}

const subjectOf = ({ id, title }: VideoRow) => ({ kind: 'video', id, name: title })
