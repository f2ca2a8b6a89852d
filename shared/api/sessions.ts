import { type Static, Type } from 'typebox'
import { Id, Moment, Password, page } from './common.ts'

export const LogInBody = Type.Object({
  password: Password,
  /** Of the second factor, or a recovery code. */
  code: Type.Optional(Type.String({ maxLength: 32 })),
})
export type LogInBody = Static<typeof LogInBody>

export const SessionView = Type.Object({
  id: Id,
  isThisOne: Type.Boolean(),
  /** As far as the browser tells: `Firefox`, `Windows`. Empty where it does not. */
  browser: Type.String(),
  system: Type.String(),
  address: Type.String(),
  createdAt: Moment,
  lastUsedAt: Moment,
  expiresAt: Moment,
})
export type SessionView = Static<typeof SessionView>

export const SessionsAnswer = page(SessionView)
export type SessionsAnswer = Static<typeof SessionsAnswer>

export const NewTokenAnswer = Type.Object({ token: Type.String(), expiresAt: Moment })
export type NewTokenAnswer = Static<typeof NewTokenAnswer>
