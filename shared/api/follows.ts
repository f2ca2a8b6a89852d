import { type Static, Type } from 'typebox'
import { PersonCard } from './accounts.ts'
import { page } from './common.ts'

/** Numbers for everybody; the rest is between the viewer and this person. Who follows whom is nobody's business. */
export const FollowersAnswer = Type.Object({
  followers: Type.Integer(),
  following: Type.Integer(),
  isFollowed: Type.Boolean(),
  /** The viewer wants to hear nothing of them. */
  isBlocked: Type.Boolean(),
})
export type FollowersAnswer = Static<typeof FollowersAnswer>

export const PeoplePage = page(PersonCard)
export type PeoplePage = Static<typeof PeoplePage>
