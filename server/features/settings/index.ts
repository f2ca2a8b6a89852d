import type { Database } from '#server/database/database.ts'
import { openSettingsService, type SettingsParts } from './service.ts'
import { createSettingsStore } from './store.ts'

/** What admins can change while the house is open. */
export function openSettings(parts: Omit<SettingsParts, 'store'> & { db: Database<'setting'> }) {
  return openSettingsService({ ...parts, store: createSettingsStore(parts.db) })
}

export type SettingsFeature = Awaited<ReturnType<typeof openSettings>>
