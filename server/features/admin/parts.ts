import type { Blobs } from '#server/ports/blobs.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { PersonCard } from '#shared/api/accounts.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Sessions } from '../sessions/index.ts'
import type { SettingsFeature } from '../settings/index.ts'
import type { AdminStore } from './store.ts'
import type { TaskDesk } from './task-desk.ts'

export type AdminParts = {
  store: AdminStore
  accounts: Pick<Accounts, 'closing' | 'passwordChanges' | 'endSecondFactorOf'>
  sessions: Pick<Sessions, 'doubtStatements' | 'tell'>
  settings: SettingsFeature
  /** Stands once every kind of task has been declared. */
  tasks: () => TaskDesk
  blobs: Pick<Blobs, 'freeBytes'>
  cache: Cache
  clock: Clock
  newId: () => string
  toCard: (row: { id: string; name: string; display_name: string; avatar: string | null }) => PersonCard
  usernameKey: (raw: string) => string
}
