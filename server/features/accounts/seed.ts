import { newId } from '#server/lib/id.ts'
import { foldText } from '#server/lib/plain-text.ts'
import type { Club, Seed } from '#server/lib/seed.ts'
import type { Avatars } from './avatars.ts'
import type { AccountParts } from './parts.ts'
import { type SeedPerson, seedPeople } from './seed-people.ts'
import { drawFace } from './seed-pictures.ts'
import { parseUsername } from './username.ts'

const day = 86_400_000

/** People with names, words and pictures, who came one after the other over a year. Nobody is logged in. */
export function createAccountSeed(parts: AccountParts, avatars: Pick<Avatars, 'put'>): Seed {
  const { store, passwords } = parts

  const add = async (person: SeedPerson, club: Club, { nowMs, password }: { nowMs: number; password: string }): Promise<void> => {
    const id = newId(nowMs)
    const role = person.role ?? 'member'
    const displayName = { name: person.displayName, key: foldText(person.displayName) }
    const account = {
      id,
      username: parseUsername(person.username),
      displayName,
      role,
      state: person.state ?? ('active' as const),
      password,
      language: person.language,
      timeZone: person.timeZone,
      note: person.note ?? '',
      nowMs,
    }
    const outcome = await store.register(account, { invitation: undefined, isOwner: role === 'owner', statements: [] })
    if (outcome !== 'registered') throw new Error(`${person.username} could not be seeded: ${outcome}`)
    await store.change(id, { bio: person.bio })
    const row = await store.findById(id)
    // Not everybody shows a picture.
    if (row && person.bio !== '') await avatars.put(row, await drawFace(club.chance), {})
    if (person.state !== 'waiting') club.people.push({ id, username: person.username, role })
  }

  return async (club) => {
    // Everybody has the same: hashed once.
    const password = await passwords.hash(club.password)
    for (const [place, person] of seedPeople.entries()) {
      const age = person.state === 'waiting' ? club.chance.whole(0, 2) : 420 - place * 18 + club.chance.whole(0, 9)
      await add(person, club, { nowMs: club.nowMs - age * day - club.chance.whole(0, day), password })
    }
    return `${seedPeople.length} people, two of them waiting at the door`
  }
}
