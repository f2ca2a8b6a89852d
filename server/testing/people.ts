import type { Database } from '#server/database/database.ts'
import type { Tables } from '#server/database/tables.ts'
import { newId } from '#server/lib/id.ts'

/** An active account straight into the rows, for suites that are not about signing up. */
export async function addAccount(db: Database, given: Partial<Tables['account']> = {}): Promise<string> {
  const id = given.id ?? newId()
  const texts = { bio: '', password: '', note: '', suspended_reason: '' }
  const nothing = {
    email: null,
    language: null,
    time_zone: null,
    avatar: null,
    invitation_id: null,
    suspended_until_ms: null,
    devices: null,
  }
  const row = {
    ...texts,
    ...nothing,
    name: id,
    name_key: id,
    display_name: id,
    display_key: id,
    role: 'member' as const,
    state: 'active' as const,
    audience: 'everyone' as const,
    created_ms: 0,
    seen_ms: 0,
    ...given,
    id,
  }
  await db.commit([db.build.insertInto('account').values(row)])
  return id
}
