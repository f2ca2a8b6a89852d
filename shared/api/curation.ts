import { type Static, Type } from 'typebox'
import { Id, Moment, nullable, PageQuery, page, Username } from './common.ts'
import { Video } from './videos.ts'

/** A film as those see it who look after all of them. */
export const AdminFilm = Type.Object({
  ...Video.properties,
  /** Since when the house shows it first. */
  featuredAt: nullable(Moment),
  /** Of its source. */
  bytes: nullable(Type.Integer()),
  /** How many other films came from the very same file. */
  twins: Type.Integer(),
})
export type AdminFilm = Static<typeof AdminFilm>

export const AdminFilmsQuery = Type.Object({
  ...PageQuery.properties,
  /** As in the search of the house, among all films whatever they are to others. */
  q: Type.Optional(Type.String({ maxLength: 200 })),
  state: Type.Optional(Video.properties.state),
  visibility: Type.Optional(Video.properties.visibility),
  owner: Type.Optional(Username),
  /** Shown first, hidden by moderators, or from the same file as another. */
  is: Type.Optional(Type.Enum(['featured', 'hidden', 'twin'])),
  /** `best` where something is sought, `new` where not. */
  sort: Type.Optional(Type.Enum(['best', 'new', 'old', 'views'])),
})
export type AdminFilmsQuery = Static<typeof AdminFilmsQuery>
export const AdminFilmPage = page(AdminFilm)
export type AdminFilmPage = Static<typeof AdminFilmPage>

export const HandOverBody = Type.Object({ to: Username })
export type HandOverBody = Static<typeof HandOverBody>

/** The film that stays. */
export const MergeBody = Type.Object({ into: Id })
export type MergeBody = Static<typeof MergeBody>
