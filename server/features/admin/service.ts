import type { ChangeSettingsBody, FiguresAnswer, SettingsAnswer } from '#shared/api/admin.ts'
import { type Actor, actorId, allow } from './actor.ts'
import { createAudit } from './audit.ts'
import { createInvitations } from './invitations.ts'
import type { AdminParts } from './parts.ts'
import { createPeople } from './people.ts'
import { createTaskPages } from './tasks.ts'

export type AdminService = ReturnType<typeof createAdminService>

const day = 86_400_000

export function createAdminService(parts: AdminParts) {
  const { store, settings, cache, clock, blobs } = parts
  const audit = createAudit(parts)

  const count = async (): Promise<FiguresAnswer> => {
    const nowMs = clock.now()
    const kinds = await parts.tasks().kinds()
    const sum = (state: 'waiting' | 'running' | 'parked') => kinds.reduce((total, { counts }) => total + counts[state], 0)
    return {
      people: await store.countPeople({ weekMs: nowMs - 7 * day, dayMs: nowMs - day }),
      sessions: await store.countSessions(nowMs),
      invitationsOpen: await store.countOpenInvitations(nowMs),
      tasks: { waiting: sum('waiting'), running: sum('running'), parked: sum('parked') },
      freeBytes: (await blobs.freeBytes()) ?? null,
    }
  }

  return {
    people: createPeople(parts, audit),
    invitations: createInvitations(parts, audit),
    tasks: createTaskPages(parts, audit),
    audit,

    /** Counting takes long in a big house, and all admins see the same: counted once in ten seconds. */
    figures(actor: Actor): Promise<FiguresAnswer> {
      allow(actor, 'figures.see')
      return cache.get('admin:figures', { freshMs: 10_000, tags: ['admin:figures'] }, count)
    },

    settings(actor: Actor): SettingsAnswer {
      allow(actor, 'settings.see')
      return settings.explain()
    },

    async changeSettings(actor: Actor, body: ChangeSettingsBody): Promise<SettingsAnswer> {
      allow(actor, 'settings.change')
      const { values: before } = settings.explain()
      const details = Object.fromEntries(
        Object.entries(body).map(([name, to]) => [name, { from: before[name as keyof typeof before], to: to ?? null }]),
      )
      await store.changed([...settings.changeStatements(body, actorId(actor)), audit.entry(actor, { action: 'settings.change', details })])
      await settings.announce()
      return settings.explain()
    },
  }
}
