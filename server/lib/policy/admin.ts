import { hasRole, type PolicyTable, type Rule } from './table.ts'

const admins: Rule<unknown> = (viewer) => hasRole(viewer, 'admin')

/** Pages about the house as a whole; what may be done to one person stands among the rules of accounts. */
export const adminPolicy = {
  'people.list': admins,
  'films.list': admins,
  'invitations.manage': admins,
  'settings.see': admins,
  'settings.change': admins,
  'tasks.see': admins,
  'tasks.manage': admins,
  'figures.see': admins,
  'audit.see': admins,
} as const satisfies PolicyTable
