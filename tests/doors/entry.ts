import type { Injected } from '#server/http/inject.ts'
import type { Kind, Somebody, Stage, Who } from './stage.ts'

/** What is sent through a door so that nothing but the policy stands in its way. */
export type Sent = {
  params?: Readonly<Record<string, string>>
  query?: string
  body?: object | string | Uint8Array
  headers?: Readonly<Record<string, string>>
  /** Goes in place of the kind's own person: somebody whom the deed uses up. */
  as?: Somebody
  /** What the deed changed about its viewer. */
  after?(answer: Injected): void
}

export type Expected = Readonly<Record<Kind, number>>

/** One door: the things its route needs, made anew for each viewer, and what each kind of viewer is answered. */
export type Entry = {
  /** Which of several things the door is about: `a private video`. */
  about?: string
  answers: Expected
  send?(stage: Stage, who: Who): Promise<Sent> | Sent
  /** What stands in the answer, where a protocol refuses with 200. */
  says?: RegExp
  /** The answer does not end by itself, or is huge: its head alone is looked at. */
  isEndless?: true
  /** The deed takes seconds, and its own test does it as whoever may: here those are asked at length alone, and whoever may not always. */
  isSlow?: true
}

/** By method and path, as routes declare them: `PUT /me/email`. Where the answer hangs on the thing, there is an entry for each that it can be. */
export type Entries = Readonly<Record<string, Entry | readonly Entry[]>>

export const everybody = (status: number): Expected => ({ ...people(status), stranger: status })

/** Whoever has an account. */
export const people = (status: number): Expected => ({
  stranger: 401,
  member: status,
  keeper: status,
  moderator: status,
  admin: status,
  owner: status,
})

export const admins = (status: number): Expected => ({ ...people(403), admin: status, owner: status })
