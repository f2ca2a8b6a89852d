import type { Language } from '#shared/language.ts'

export type Role = 'owner' | 'admin' | 'moderator' | 'member'

export type Stranger = { kind: 'stranger'; language: Language; address: string }

export type Person = {
  kind: 'person'
  accountId: string
  username: string
  role: Role
  sessionId: string
  /** How the session was shown: a cookie obliges to check the origin, a bearer token does not. */
  via: 'cookie' | 'bearer'
  /** The house obliges this person to set up a second factor: until then `may` allows little else, and `role` is `member`. */
  needsSecondFactor?: boolean
  language: Language
  timeZone: string
  address: string
}

/** Who asks. Routes, sockets and pages get one; services decide by it, through `may`. */
export type Viewer = Stranger | Person
