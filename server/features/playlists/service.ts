import { createCursor } from '#server/lib/cursor.ts'
import { demand, may } from '#server/lib/may.ts'
import { toLine, toParagraphs } from '#server/lib/plain-text.ts'
import type { Person, Viewer } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { PersonCard } from '#shared/api/accounts.ts'
import type { PageQuery } from '#shared/api/common.ts'
import type {
  ChangePlaylistBody,
  CreatePlaylistBody,
  Neighbours,
  OwnPlaylists,
  Playlist,
  PlaylistItems,
  PlaylistPage,
  PutItemBody,
} from '#shared/api/playlists.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Videos } from '../videos/index.ts'
import { noSuchItem, noSuchNeighbour, noSuchPlaylist, notLoggedIn, notYourFilm, titleEmpty, tooMany } from './errors.ts'
import { type ItemRow, type Look, mostItems, mostLists, type PlaylistRow, type PlaylistStore } from './store.ts'

type Under = { vid: string; cookie: string | undefined }
export type PlaylistParts = {
  store: PlaylistStore
  accounts: { profiles: Pick<Accounts['profiles'], 'find'> }
  videos: Pick<Videos, 'seeUnlocked' | 'cards' | 'audienceOf'>
  toCard: (row: { id: string; name: string; display_name: string; avatar: string | null }) => PersonCard
  clock: Clock
  newId: () => string
}

export type PlaylistService = ReturnType<typeof createPlaylistService>

const cursors = { lists: createCursor('playlists', ['whole', 'text']), items: createCursor('playlist-items', ['whole', 'text']) }

const own = (viewer: Viewer): Person => {
  if (viewer.kind === 'stranger') throw notLoggedIn()
  return viewer
}
const toThing = ({ owner_id: ownerId, visibility }: PlaylistRow) => ({ ownerId, visibility })
const isOf = (viewer: Viewer, row: PlaylistRow) => viewer.kind === 'person' && viewer.accountId === row.owner_id

export function createPlaylistService({ store, accounts, videos, toCard, clock, newId }: PlaylistParts) {
  const lookOf = (viewer: Viewer, row: PlaylistRow): Look => ({
    audience: videos.audienceOf(viewer),
    nowMs: clock.now(),
    ownId: viewer.kind === 'person' ? viewer.accountId : undefined,
    isOwnList: isOf(viewer, row),
  })

  async function see(viewer: Viewer, id: string): Promise<PlaylistRow> {
    const row = await store.find(id)
    if (!row || !may(viewer, 'playlist.see', toThing(row))) throw noSuchPlaylist()
    return row
  }

  async function change(viewer: Viewer, id: string): Promise<PlaylistRow> {
    own(viewer)
    const row = await see(viewer, id)
    demand(viewer, 'playlist.change', toThing(row))
    return row
  }

  /** Asked again of each film, whatever the rows said: one rule decides. */
  async function cardsOf(viewer: Viewer, row: PlaylistRow, items: readonly ItemRow[]) {
    const byId = new Map(items.map((item) => [item.video_id, item]))
    const cards = await videos.cards(viewer, [...byId.keys()], isOf(viewer, row) ? 'video.see' : 'video.list')
    return cards.map((card) => ({ ...card, season: byId.get(card.id)?.season ?? null, part: byId.get(card.id)?.part ?? null }))
  }

  async function present(viewer: Viewer, rows: readonly PlaylistRow[]): Promise<Playlist[]> {
    const people = await store.people(rows.map(({ owner_id }) => owner_id))
    const shown = await Promise.all(
      rows.map(async (row): Promise<Playlist[]> => {
        const owner = people.get(row.owner_id)
        if (!owner) return []
        const look = lookOf(viewer, row)
        const [count, { items }] = await Promise.all([store.countItems(row.id, look), store.page(row.id, look, undefined, 1)])
        const [cover] = await videos.cards(
          viewer,
          items.map((item) => item.video_id),
          isOf(viewer, row) ? 'video.see' : 'video.list',
        )
        return [
          {
            ...{ id: row.id, kind: row.kind, title: row.title, description: row.description, visibility: row.visibility },
            ...{ owner: toCard(owner), count, cover: cover ?? null, mayChange: isOf(viewer, row) },
            updatedAt: new Date(row.updated_ms).toISOString(),
          },
        ]
      }),
    )
    return shown.flat()
  }

  const presentOne = async (viewer: Viewer, row: PlaylistRow): Promise<Playlist> => {
    const [shown] = await present(viewer, [row])
    if (!shown) throw noSuchPlaylist()
    return shown
  }

  const titleOf = (text: string) => {
    const title = toLine(text)
    if (title === '') throw titleEmpty()
    return title
  }

  /** Made when it is first needed. */
  async function later(viewer: Person): Promise<PlaylistRow> {
    const known = await store.findLater(viewer.accountId)
    if (known) return known
    const nowMs = clock.now()
    const row = { id: newId(), owner_id: viewer.accountId, kind: 'later', slot: 'later', title: '', description: '' } as const
    await store.add({ ...row, visibility: 'private', updated_ms: nowMs, created_ms: nowMs })
    return (await store.findLater(viewer.accountId)) ?? later(viewer)
  }

  async function putInto(viewer: Person, row: PlaylistRow, { vid, cookie }: Under, body: PutItemBody): Promise<void> {
    const video = await videos.seeUnlocked(viewer, vid, cookie)
    if (row.kind === 'series' && video.owner_id !== row.owner_id) throw notYourFilm()
    const outcome = await store.put(
      { playlistId: row.id, isSeries: row.kind === 'series', videoId: video.id, after: body.after, ...body },
      clock.now(),
    )
    if (outcome === 'full') throw tooMany(mostItems)
    if (outcome === 'no neighbour') throw noSuchNeighbour()
  }

  return {
    async mine(viewer: Viewer, { cursor, limit = 30, vid }: PageQuery & { vid?: string }): Promise<OwnPlaylists> {
      const { accountId } = own(viewer)
      const { items, next } = await store.listOf(accountId, { isPublic: false }, cursors.lists.read(cursor), limit)
      const holding =
        vid === undefined
          ? new Set<string>()
          : await store.holding(
              items.map(({ id }) => id),
              vid,
            )
      const shown = await present(viewer, items)
      return {
        items: shown.map((list) => ({ ...list, holds: holding.has(list.id) })),
        nextCursor: next ? cursors.lists.write([Number(next[0]), String(next[1])]) : null,
      }
    },

    /** For others those that are public, and nothing of what is in no list. */
    async of(viewer: Viewer, username: string, { cursor, limit = 30 }: PageQuery): Promise<PlaylistPage> {
      const { id } = await accounts.profiles.find(viewer, username)
      const isPublic = !(viewer.kind === 'person' && viewer.accountId === id)
      const { items, next } = await store.listOf(id, { isPublic }, cursors.lists.read(cursor), limit)
      return { items: await present(viewer, items), nextCursor: next ? cursors.lists.write([Number(next[0]), String(next[1])]) : null }
    },

    get: async (viewer: Viewer, id: string): Promise<Playlist> => presentOne(viewer, await see(viewer, id)),

    async create(
      viewer: Viewer,
      { title, description = '', visibility = 'private', kind = 'list' }: CreatePlaylistBody,
    ): Promise<Playlist> {
      const { accountId } = own(viewer)
      demand(viewer, 'playlist.create')
      if ((await store.countOf(accountId)) >= mostLists) throw tooMany(mostLists)
      const [id, nowMs] = [newId(), clock.now()]
      const said = { title: titleOf(title), description: toParagraphs(description) }
      const row = { id, owner_id: accountId, kind, slot: id, ...said, visibility, updated_ms: nowMs, created_ms: nowMs }
      await store.add(row)
      return presentOne(viewer, row)
    },

    async change(viewer: Viewer, id: string, { title, description, visibility }: ChangePlaylistBody): Promise<Playlist> {
      const row = await change(viewer, id)
      // What one wants to watch later is one's own business, and called by the page.
      if (row.kind === 'later') throw noSuchPlaylist()
      const set = {
        ...(title === undefined ? {} : { title: titleOf(title) }),
        ...(description === undefined ? {} : { description: toParagraphs(description) }),
        ...(visibility === undefined ? {} : { visibility }),
      }
      await store.change(id, { ...set, updated_ms: clock.now() })
      return presentOne(viewer, await see(viewer, id))
    },

    remove: async (viewer: Viewer, id: string): Promise<void> => store.remove((await change(viewer, id)).id),

    async items(viewer: Viewer, id: string, { cursor, limit = 30 }: PageQuery): Promise<PlaylistItems> {
      const row = await see(viewer, id)
      const { items, next } = await store.page(row.id, lookOf(viewer, row), cursors.items.read(cursor), limit)
      return {
        items: await cardsOf(viewer, row, items),
        nextCursor: next ? cursors.items.write([Number(next[0]), String(next[1])]) : null,
      }
    },

    async put(viewer: Viewer, id: string, under: Under, body: PutItemBody): Promise<void> {
      await putInto(own(viewer), await change(viewer, id), under, body)
    },

    async take(viewer: Viewer, id: string, videoId: string): Promise<void> {
      if (!(await store.take((await change(viewer, id)).id, videoId, clock.now()))) throw noSuchItem()
    },

    async laterItems(viewer: Viewer, query: PageQuery): Promise<PlaylistItems> {
      const row = await store.findLater(own(viewer).accountId)
      return row ? this.items(viewer, row.id, query) : { items: [], nextCursor: null }
    },

    /** The latest on top; again, and it stays where it is. */
    async putLater(viewer: Viewer, under: Under): Promise<void> {
      const self = own(viewer)
      demand(viewer, 'playlist.create')
      const row = await later(self)
      const isThere = (await store.holding([row.id], under.vid)).has(row.id)
      await putInto(self, row, under, isThere ? {} : { after: null })
    },

    async takeLater(viewer: Viewer, videoId: string): Promise<void> {
      const row = await store.findLater(own(viewer).accountId)
      if (row) await store.take(row.id, videoId, clock.now())
    },

    /** What comes before and after a film, in a list or in its series. */
    async neighbours(viewer: Viewer, under: Under, listId: string | undefined): Promise<Neighbours> {
      const video = await videos.seeUnlocked(viewer, under.vid, under.cookie)
      const row =
        listId === undefined
          ? (await store.seriesOf(video.id)).find((series) => may(viewer, 'playlist.see', toThing(series)))
          : await see(viewer, listId)
      const look = row && lookOf(viewer, row)
      const item = row && look && (await store.item(row.id, video.id, look))
      if (!row || !item) return { list: null, previous: null, current: null, next: null }
      const [previous, next] = await Promise.all([
        store.neighbour(row.id, item.place, 'previous', look),
        store.neighbour(row.id, item.place, 'next', look),
      ])
      const shown = await cardsOf(
        viewer,
        row,
        [previous, item, next].filter((one) => one !== undefined),
      )
      const cardOf = (one: ItemRow | undefined) => shown.find(({ id }) => id === one?.video_id) ?? null
      return { list: await presentOne(viewer, row), previous: cardOf(previous), current: cardOf(item), next: cardOf(next) }
    },

    countOf: store.countOf,
    /** One film stands for another in every list. */
    async moveAll(moving: { from: string; into: string }, signal: AbortSignal): Promise<void> {
      while (await store.moveSome(moving, 500)) signal.throwIfAborted()
    },
    removeAllOf: (accountId: string) => store.removeAllOf(accountId),
  }
}
