import { type Static, Type } from 'typebox'
import { PersonCard } from './accounts.ts'
import { Id, LanguageTag, Moment, nullable, Password, page, Username } from './common.ts'

export const videoStates = ['draft', 'uploading', 'processing', 'playable', 'ready', 'failed'] as const
export const visibilities = ['public', 'members', 'unlisted', 'private', 'password'] as const

export const VideoState = Type.Enum([...videoStates])
export const Visibility = Type.Enum([...visibilities], { description: 'Who may see it. New ones are private.' })

export const videoLimits = { titleLength: 120, descriptionLength: 5000, tags: 20, tagLength: 40 } as const

/** Cells done of cells planned; `secondsLeft` is null as long as no speed has been measured. */
export const Progress = Type.Object({
  cellsDone: Type.Integer(),
  cellsPlanned: Type.Integer(),
  secondsLeft: nullable(Type.Integer()),
})
export type Progress = Static<typeof Progress>

/** Why it can not be played, as a stable code and in the reader's language. */
export const Failure = Type.Object({ code: Type.String(), text: Type.String() })
export type Failure = Static<typeof Failure>

/** Pictures of a film. Addresses change with the picture, so that they may be kept for ever. */
export const Poster = Type.Object({ small: Type.String(), large: Type.String() })
export type Poster = Static<typeof Poster>

/** A video as it stands in a list. */
export const VideoCard = Type.Object({
  id: Id,
  title: Type.String(),
  owner: PersonCard,
  state: VideoState,
  visibility: Visibility,
  durationMs: nullable(Type.Integer()),
  width: nullable(Type.Integer()),
  height: nullable(Type.Integer()),
  /** Null as long as there is none. */
  poster: nullable(Poster),
  thumbhash: nullable(Type.String()),
  views: Type.Integer(),
  createdAt: Moment,
  publishAt: nullable(Moment),
})
export type VideoCard = Static<typeof VideoCard>

export const Video = Type.Object({
  ...VideoCard.properties,
  description: Type.String(),
  tags: Type.Array(Type.String()),
  language: nullable(Type.String()),
  /** Only its owner and moderators see these. */
  progress: nullable(Progress),
  failure: nullable(Failure),
  fileName: nullable(Type.String()),
  fileSize: nullable(Type.Integer()),
  updatedAt: Moment,
})
export type Video = Static<typeof Video>

export const VideoPage = page(VideoCard)

export const VideoParams = Type.Object({ username: Username, vid: Id })
export const VidParams = Type.Object({ vid: Id })

const Title = Type.String({ minLength: 1, maxLength: videoLimits.titleLength })
const Tags = Type.Array(Type.String({ minLength: 1, maxLength: videoLimits.tagLength }), { maxItems: videoLimits.tags })

export const NewVideo = Type.Object({
  title: Title,
  description: Type.Optional(Type.String({ maxLength: videoLimits.descriptionLength })),
  visibility: Type.Optional(Visibility),
  /** With visibility `password`. */
  password: Type.Optional(Password),
  publishAt: Type.Optional(nullable(Moment)),
  tags: Type.Optional(Tags),
  language: Type.Optional(nullable(LanguageTag)),
})
export type NewVideo = Static<typeof NewVideo>

export const VideoChange = Type.Partial(NewVideo)
export type VideoChange = Static<typeof VideoChange>
