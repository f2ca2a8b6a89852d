import { type Static, Type } from 'typebox'
import { PersonCard } from './accounts.ts'
import { Id, Moment, nullable, page, Username } from './common.ts'

const Visibility = Type.Enum(['public', 'members', 'unlisted', 'private', 'password'])
const VideoState = Type.Enum(['draft', 'uploading', 'processing', 'playable', 'ready', 'failed'])
const Title = Type.String({ minLength: 1, maxLength: 200 })
const Description = Type.String({ maxLength: 20_000 })
const Tags = Type.Array(Type.String({ minLength: 1, maxLength: 50 }), { maxItems: 20 })
const Language = Type.String({ pattern: '^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,4})?$' })

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
  thumbhash: nullable(Type.String()),
  generation: Type.Integer(),
  createdAt: Moment,
  updatedAt: Moment,
  /** What follows is for its keepers; null for others. */
  progress: nullable(Type.Object({ cellsDone: Type.Integer(), cellsPlanned: Type.Integer(), secondsLeft: nullable(Type.Integer()) })),
  failure: nullable(Type.Object({ code: Type.String(), text: Type.String() })),
  fileName: nullable(Type.String()),
})
export type Video = Static<typeof Video>

export const VideoPage = page(Video)
export type VideoPage = Static<typeof VideoPage>

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
})
export type ChangeVideoBody = Static<typeof ChangeVideoBody>

export const UnlockBody = Type.Object({ password: Type.String({ minLength: 1, maxLength: 256 }) })
