import type { Avatar, OwnProfile, PersonCard, PublicProfile } from '#shared/api/accounts.ts'
import { type Language, languages } from '#shared/language.ts'
import { avatarAddress } from './avatar-names.ts'
import type { AccountRow } from './store.ts'

type CardRow = Pick<AccountRow, 'id' | 'name' | 'display_name' | 'avatar'>

/** A person as named beside what they made. Of a closed account the names are empty. */
export function toPersonCard({ id, name, display_name, avatar }: CardRow): PersonCard {
  return { id, username: name, displayName: display_name || name, avatar: toAvatar(id, avatar) }
}

export function toPublicProfile(row: AccountRow): PublicProfile {
  return { ...toPersonCard(row), bio: row.bio, role: row.role, createdAt: toMoment(row.created_ms) }
}

export function toOwnProfile(row: AccountRow, more: { unconfirmedEmail: string | null; mustSetUpSecondFactor: boolean }): OwnProfile {
  return {
    ...toPublicProfile(row),
    language: languages.find((language) => language === row.language) ?? (null as Language | null),
    timeZone: row.time_zone,
    audience: row.audience,
    email: row.email,
    hasSecondFactor: row.second_factor_ms !== null,
    ...more,
  }
}

function toAvatar(id: string, hash: string | null): Avatar | null {
  if (hash === null) return null
  return { small: avatarAddress(id, hash, 'small'), medium: avatarAddress(id, hash, 'medium'), large: avatarAddress(id, hash, 'large') }
}

export const toMoment = (ms: number) => new Date(ms).toISOString()
