import type { Neighbours, OwnPlaylists, Playlist, PlaylistItems, PlaylistPage } from '#shared/api/playlists.ts'
import { type Reading, reading } from '#web/lib/reading.ts'

const encoded = encodeURIComponent

export const listOf = (id: string): Reading<Playlist> => reading(`/playlists/${encoded(id)}`)
export const itemsOf = (id: string): Reading<PlaylistItems> => reading(`/playlists/${encoded(id)}/items?limit=50`)
export const ownLists: Reading<OwnPlaylists> = reading('/playlists?limit=50')
export const ownListsFor = (vid: string): Reading<OwnPlaylists> => reading(`/playlists?limit=50&vid=${encoded(vid)}`)
export const listsOf = (username: string): Reading<PlaylistPage> => reading(`/user/${encoded(username)}/playlists?limit=30`)
export const neighboursOf = (vid: string, list: string | undefined): Reading<Neighbours> =>
  reading(`/videos/${encoded(vid)}/neighbours${list === undefined ? '' : `?list=${encoded(list)}`}`)

export const listAddress = (id: string) => `/list/${encoded(id)}`
export const inList = (vid: string, list: string) => `/watch/${encoded(vid)}?list=${encoded(list)}`

export type PlaylistItem = PlaylistItems['items'][number]
