import { type Static, Type } from 'typebox'
import { VideoCard } from './videos.ts'

/** `continue`, `featured`, `new`, `hot`, `following` or `tag:<tag>`; pages know the first five by name, of a tag `title` says it. */
export const HomeRow = Type.Object({ key: Type.String(), title: Type.Optional(Type.String()), items: Type.Array(VideoCard) })
export type HomeRow = Static<typeof HomeRow>

/** Rows without a film are left out. */
export const HomeAnswer = Type.Object({ rows: Type.Array(HomeRow) })
export type HomeAnswer = Static<typeof HomeAnswer>
