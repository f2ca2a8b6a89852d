import { type Static, Type } from 'typebox'
import { PersonCard } from './accounts.ts'
import { Id, Moment, nullable, page, PageQuery, Username } from './common.ts'

const Visibility = Type.Enum(['public', 'members', 'unlisted', 'private', 'password'])
const VideoState = Type.Enum(['draft', 'uploading', 'processing', 'playable', 'ready', 'failed'])
const Title = Type.String({ minLength: 1, maxLength: 200 })
const Description = Type.String({ maxLength: 20_000 })
const Tags = Type.Array(Type.String({ minLength: 1, maxLength: 50 }), { maxItems: 20 })
const Language = Type.String({ pattern: '^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,4})?$' })

/** The picture lies at `/stream/:vid/poster.webp?r=<revision>`; `thumbhash` (base64) stands in for it until it has come. */
const Poster = Type.Object({ revision: Type.Integer(), thumbhash: nullable(Type.String()) })

/** A film as lists show it. */
export const VideoCard = Type.Object({
  id: Id,
  title: Type.String(),
  owner: PersonCard,
  durationMs: nullable(Type.Integer()),
  views: Type.Integer(),
  /** When others could see it first; null where they cannot yet. */
  publishedAt: nullable(Moment),
  poster: nullable(Poster),
  state: VideoState,
  /** Where the viewer stopped; null for strangers, and for what was never begun. */
  progressMs: nullable(Type.Integer()),
})
export type VideoCard = Static<typeof VideoCard>

export const VideoCardPage = page(VideoCard)
export type VideoCardPage = Static<typeof VideoCardPage>

/** `review`: others see a comment when the owner has let it through. `closed`: nobody comments but the owner. */
const CommentRule = Type.Enum(['open', 'review', 'closed'])

const AtMs = Type.Integer({ minimum: 0, maximum: 30 * 86_400_000 })
const Chapter = Type.Object({ startMs: AtMs, title: Type.String({ minLength: 1, maxLength: 120 }) })

/** Moments that a player knows: where the film begins and ends for people, what may be skipped, and where the credits begin. */
const Marks = Type.Object({
  trimStartMs: nullable(AtMs),
  trimEndMs: nullable(AtMs),
  introStartMs: nullable(AtMs),
  introEndMs: nullable(AtMs),
  creditsMs: nullable(AtMs),
})
export type Marks = Static<typeof Marks>

/** Who stands before or behind the camera; `part` in their own words: a role, `director`. */
const Cast = Type.Array(Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }), part: Type.String({ maxLength: 100 }) }), {
  maxItems: 100,
})
const Year = nullable(Type.Integer({ minimum: 1870, maximum: 2200 }))
/** Which other sites may show it in a frame: none, those that `embedSites` names, or every one. */
const Embedding = Type.Enum(['nobody', 'listed', 'everybody'])
const Words = Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 200 })
const Sites = Type.Array(Type.String({ pattern: '^https?://[a-z0-9.-]+(:[0-9]{1,5})?$', maxLength: 200 }), { maxItems: 50 })

export const Video = Type.Object({
  id: Id,
  title: Type.String(),
  description: Type.String(),
  owner: PersonCard,
  tags: Type.Array(Type.String()),
  state: VideoState,
  visibility: Visibility,
  /** Not shown to others before. */
  publishAt: nullable(Moment),
  durationMs: nullable(Type.Integer()),
  width: nullable(Type.Integer()),
  height: nullable(Type.Integer()),
  language: nullable(Type.String()),
  views: Type.Integer(),
  likes: Type.Integer(),
  favourites: Type.Integer(),
  /** What the viewer did with it. */
  isLiked: Type.Boolean(),
  isFavourite: Type.Boolean(),
  progressMs: nullable(Type.Integer()),
  poster: nullable(Poster),
  publishedAt: nullable(Moment),
  /** Whether danmaku may fly over it. */
  isDanmakuOn: Type.Boolean(),
  commentRule: CommentRule,
  /** Seconds between two comments of one person; 0: as they like. */
  slowModeS: Type.Integer(),
  thumbhash: nullable(Type.String()),
  /** What a player adds, so that all films are equally loud. */
  gainDb: nullable(Type.Number()),
  /** As the owner wrote them, or else as the file brings them. */
  chapters: Type.Array(Type.Object({ startMs: Type.Integer(), title: Type.String() })),
  marks: nullable(Marks),
  cast: Cast,
  year: Year,
  /** Everybody who sees it may fetch the original as a file. */
  isDownloadable: Type.Boolean(),
  embedding: Embedding,
  generation: Type.Integer(),
  createdAt: Moment,
  updatedAt: Moment,
  /** What follows is for its keepers; null for others. */
  progress: nullable(Type.Object({ cellsDone: Type.Integer(), cellsPlanned: Type.Integer(), secondsLeft: nullable(Type.Integer()) })),
  failure: nullable(Type.Object({ code: Type.String(), text: Type.String() })),
  fileName: nullable(Type.String()),
  embedSites: nullable(Sites),
  /** A comment with one of these waits for review. */
  blockedWords: nullable(Words),
  /** Moderators have hidden it: others do not see it, whatever its visibility says. */
  isHidden: Type.Boolean(),
})
export type Video = Static<typeof Video>

/** Thrown away, and to be had back until `goneAt`. */
export const DeletedVideoList = Type.Object({ items: Type.Array(Type.Object({ ...Video.properties, deletedAt: Moment, goneAt: Moment })) })
export type DeletedVideoList = Static<typeof DeletedVideoList>
/** `now`: without second thoughts. */
export const DeleteVideoQuery = Type.Object({ now: Type.Optional(Type.Boolean()) })

export const VideoPage = page(Video)
export type VideoPage = Static<typeof VideoPage>

/** The filters and other orders are for whoever keeps these videos: to others they say nothing. */
export const UserVideosQuery = Type.Object({
  ...PageQuery.properties,
  sort: Type.Optional(Type.Enum(['new', 'old', 'views', 'title'])),
  state: Type.Optional(VideoState),
  visibility: Type.Optional(Visibility),
  /** Somewhere in the title. */
  q: Type.Optional(Type.String({ maxLength: 100 })),
})
export type UserVideosQuery = Static<typeof UserVideosQuery>

export const UserVideoParams = Type.Object({ username: Username, vid: Id })
export const VideoParams = Type.Object({ vid: Id })

export const CreateVideoBody = Type.Object({
  title: Title,
  description: Type.Optional(Description),
  visibility: Type.Optional(Type.Enum(['public', 'members', 'unlisted', 'private'])),
  tags: Type.Optional(Tags),
})
export type CreateVideoBody = Static<typeof CreateVideoBody>

/** Only what is given changes. */
export const ChangeVideoBody = Type.Object({
  title: Type.Optional(Title),
  description: Type.Optional(Description),
  visibility: Type.Optional(Visibility),
  /** For the visibility `password`; what it was stays, where there was one. */
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  publishAt: Type.Optional(nullable(Moment)),
  language: Type.Optional(nullable(Language)),
  tags: Type.Optional(Tags),
  isDanmakuOn: Type.Optional(Type.Boolean()),
  commentRule: Type.Optional(CommentRule),
  slowModeS: Type.Optional(Type.Integer({ minimum: 0, maximum: 3600 })),
  /** At most a hundred; none, and those that the file brings stay away too. Null: as the file brings them. */
  chapters: Type.Optional(
    Type.Unsafe<Static<typeof Chapter>[] | null>({ anyOf: [Type.Array(Chapter, { maxItems: 100 }), { type: 'null' }] }),
  ),
  marks: Type.Optional(nullable(Marks)),
  cast: Type.Optional(Cast),
  year: Type.Optional(Year),
  isDownloadable: Type.Optional(Type.Boolean()),
  embedding: Type.Optional(Embedding),
  embedSites: Type.Optional(Sites),
  blockedWords: Type.Optional(Words),
})
export type ChangeVideoBody = Static<typeof ChangeVideoBody>

export const UnlockBody = Type.Object({ password: Type.String({ minLength: 1, maxLength: 256 }) })

export const VideosQuery = Type.Object({ ...PageQuery.properties, sort: Type.Optional(Type.Enum(['new', 'hot', 'top'])) })
export type VideosQuery = Static<typeof VideosQuery>

export const TagParams = Type.Object({ tag: Type.String({ minLength: 1, maxLength: 100 }) })
/** `title`: as most write the tag. */
export const TagPage = Type.Object({ tag: Type.String(), ...VideoCardPage.properties })
export type TagPage = Static<typeof TagPage>

export const RelatedAnswer = Type.Object({ items: Type.Array(VideoCard) })
