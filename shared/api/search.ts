import { type Static, Type } from 'typebox'
import { PersonCard } from './accounts.ts'
import { nullable, PageQuery } from './common.ts'
import { VideoCard } from './videos.ts'

export const SearchQuery = Type.Object({
  ...PageQuery.properties,
  /** As one types: a word, a part of one, pinyin, initials. Empty: everything, newest first. */
  q: Type.Optional(Type.String({ maxLength: 200 })),
  sort: Type.Optional(Type.Enum(['best', 'new', 'views'])),
  tag: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  /** Under 10 minutes, under an hour, longer. */
  length: Type.Optional(Type.Enum(['short', 'medium', 'long'])),
  /** Published within. */
  age: Type.Optional(Type.Enum(['day', 'week', 'month', 'year'])),
})
export type SearchQuery = Static<typeof SearchQuery>

const SearchHit = Type.Object({
  ...VideoCard.properties,
  /** Where its subtitles say it. */
  moment: Type.Optional(Type.Object({ atMs: Type.Integer(), text: Type.String() })),
})

export const SearchAnswer = Type.Object({
  items: Type.Array(SearchHit),
  /** Whose name it is; on the first page alone. */
  people: Type.Array(PersonCard),
  nextCursor: nullable(Type.String()),
  total: Type.Integer(),
  /** Nothing was found as it was typed: these are for what is spelled nearly so. */
  isGuess: Type.Boolean(),
})
export type SearchAnswer = Static<typeof SearchAnswer>

/** While one types: titles, tags and names that begin so. */
export const SuggestQuery = Type.Object({ q: Type.String({ minLength: 1, maxLength: 100 }) })
export const SuggestAnswer = Type.Object({ items: Type.Array(Type.String()) })
export type SuggestAnswer = Static<typeof SuggestAnswer>
