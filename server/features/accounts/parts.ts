import type { Json } from '#server/lib/json.ts'
import type { Sealed } from '#server/lib/sealed.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { Mail } from '#server/ports/mail.ts'
import type { Settings, SiteAnswer } from '#shared/api/admin.ts'
import type { Sessions } from '../sessions/index.ts'
import type { Failures } from './failures.ts'
import type { Passwords } from './passwords/passwords.ts'
import type { SecondFactorStore } from './second-factor-store.ts'
import type { AccountStore } from './store.ts'

export type AccountParts = {
  store: AccountStore
  factors: SecondFactorStore
  sessions: Pick<Sessions, 'draft' | 'trim' | 'doubtStatements' | 'tell' | 'rotate'>
  settings: () => Settings
  passwords: Passwords
  failures: Failures
  sealed: Sealed
  blobs: Blobs
  mail: Mail
  /** The task that tells somebody that they came in from a device that is new. */
  tellOfDevice: (entered: { accountId: string; sessionId: string; name: string }) => { kind: string; payload: Json }
  clock: Clock
  log: Log
  newId: () => string
  /** The address that people type; empty where nobody said it: then no letter can carry a link. */
  siteUrl: () => string
  /** Where the source of the running version is to be had; empty where nobody said. */
  sourceUrl: () => string
  /** What converts films, as far as this process knows. */
  ffmpeg: () => SiteAnswer['ffmpeg']
  /** Makes the code of the first start. */
  signKey: Uint8Array
}

/** Where a call came from, as far as letting somebody in depends on it. */
export type From = {
  viewer: Viewer
  userAgent: string | undefined
  /** From the machine itself: no proxy, no other site. */
  isLocal: boolean
  signal: AbortSignal
}
