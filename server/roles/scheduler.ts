import type { Role } from './role.ts'

/** Timers, and the consumers of chores: the kinds of tasks that say so run here. No door of its own. */
export const scheduler: Role = () => ({})
