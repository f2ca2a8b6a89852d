import { type Static, Type } from 'typebox'
import { PersonCard } from './accounts.ts'
import { Id, Moment, nullable, page, PageQuery } from './common.ts'
import { VideoCard } from './videos.ts'

const Title = Type.String({ minLength: 1, maxLength: 200 })
const Description = Type.String({ maxLength: 5000 })
const Visibility = Type.Enum(['public', 'unlisted', 'private'])
/** `series`: films of one's own, in seasons and parts. `later`: the one list of what one wants to watch later, always private. */
const Kind = Type.Enum(['list', 'series', 'later'])

export const Playlist = Type.Object({
  id: Id,
  kind: Kind,
  /** Empty for `later`: pages know what to call it. */
  title: Type.String(),
  description: Type.String(),
  owner: PersonCard,
  visibility: Visibility,
  /** Of what the viewer may see. */
  count: Type.Integer(),
  /** The first film that the viewer may see: its picture stands for the list. */
  cover: nullable(VideoCard),
  updatedAt: Moment,
  mayChange: Type.Boolean(),
})
export type Playlist = Static<typeof Playlist>
export const PlaylistPage = page(Playlist)
export type PlaylistPage = Static<typeof PlaylistPage>

const PlaylistItem = Type.Object({ ...VideoCard.properties, season: nullable(Type.Integer()), part: nullable(Type.Integer()) })
export const PlaylistItems = page(PlaylistItem)
export type PlaylistItems = Static<typeof PlaylistItems>

export const PlaylistParams = Type.Object({ id: Id })
export const PlaylistItemParams = Type.Object({ id: Id, vid: Id })

export const CreatePlaylistBody = Type.Object({
  title: Title,
  description: Type.Optional(Description),
  visibility: Type.Optional(Visibility),
  kind: Type.Optional(Type.Enum(['list', 'series'])),
})
export type CreatePlaylistBody = Static<typeof CreatePlaylistBody>
export const ChangePlaylistBody = Type.Object({
  title: Type.Optional(Title),
  description: Type.Optional(Description),
  visibility: Type.Optional(Visibility),
})
export type ChangePlaylistBody = Static<typeof ChangePlaylistBody>

const Number_ = nullable(Type.Integer({ minimum: 0, maximum: 100_000 }))
/** Puts a film there, or moves it: behind another one, `null` to the front, left out at the end (or where it is). */
export const PutItemBody = Type.Object({
  after: Type.Optional(nullable(Id)),
  season: Type.Optional(Number_),
  part: Type.Optional(Number_),
})
export type PutItemBody = Static<typeof PutItemBody>

/** One's own lists; with `vid` each says whether it holds that film. */
export const OwnPlaylistsQuery = Type.Object({ ...PageQuery.properties, vid: Type.Optional(Id) })
export const OwnPlaylists = page(Type.Object({ ...Playlist.properties, holds: Type.Boolean() }))
export type OwnPlaylists = Static<typeof OwnPlaylists>

/** Without `list`: in the series that the film belongs to, if there is one. */
export const NeighboursQuery = Type.Object({ list: Type.Optional(Id) })
export const Neighbours = Type.Object({
  list: nullable(Playlist),
  previous: nullable(PlaylistItem),
  current: nullable(PlaylistItem),
  next: nullable(PlaylistItem),
})
export type Neighbours = Static<typeof Neighbours>
