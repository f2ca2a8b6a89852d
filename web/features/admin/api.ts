import type {
  AdminChoresAnswer,
  AdminPerson,
  AdminTask,
  AdminTaskKindsAnswer,
  AuditEntry,
  FiguresAnswer,
  InvitationView,
  SettingsAnswer,
} from '#shared/api/admin.ts'
import type { Page } from '#shared/api/common.ts'
import type { StreamFigures } from '#shared/api/films.ts'
import { type Reading, reading } from '#web/lib/reading.ts'

export const figures = reading<FiguresAnswer>('/admin/figures')
export const houseSettings = reading<SettingsAnswer>('/admin/settings')
export const invitations = reading<Page<InvitationView>>('/admin/invitations')
export const taskKinds = reading<AdminTaskKindsAnswer>('/admin/task-kinds')
export const chores = reading<AdminChoresAnswer>('/admin/chores')

/** Filters are in the page's address, under the API's own names. */
export function people(search: URLSearchParams): Reading<Page<AdminPerson>> {
  return filtered('/admin/people', search, ['q', 'role', 'state'])
}

export function tasks(search: URLSearchParams): Reading<Page<AdminTask>> {
  return filtered('/admin/tasks', search, ['kind', 'state'])
}

export function audit(search: URLSearchParams): Reading<Page<AuditEntry>> {
  return filtered('/admin/audit', search, ['action'])
}

export function playback(search: URLSearchParams): Reading<StreamFigures> {
  return filtered('/admin/streams', search, ['days'])
}

function filtered<T>(path: string, search: URLSearchParams, names: readonly string[]): Reading<T> {
  const given = names.flatMap((name) => {
    const value = search.get(name)?.trim()
    return value ? [[name, value]] : []
  })
  return reading(given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`)
}
