import { asPerson, type Seed } from '#server/lib/seed.ts'
import type { AdminService } from './service.ts'

/** Some deeds of the house's admins: invitations of every state, somebody suspended, and so a log with something in it. */
export function createAdminSeed({ people, invitations }: Pick<AdminService, 'people' | 'invitations'>): Seed {
  return async (club) => {
    const [owner, admin] = club.people
    const last = club.people.at(-1)
    if (!owner || !admin || !last) return 'no deeds: nobody is there'
    await invitations.make(asPerson(owner), { note: '星期五放映會', maxUses: 20 })
    await invitations.make(asPerson(admin), {
      note: 'Film school, autumn term',
      maxUses: 40,
      expiresAt: new Date(club.nowMs + 60 * 86_400_000).toISOString(),
    })
    const { id } = await invitations.make(asPerson(admin), { note: 'Poster in the foyer', maxUses: null })
    await invitations.withdraw(asPerson(owner), id)
    await people.suspend(asPerson(admin), last.id, {
      reason: 'Posted the same advertisement under eleven films.',
      until: new Date(club.nowMs + 14 * 86_400_000).toISOString(),
    })
    return 'three invitations, one suspension, and the log of both'
  }
}
