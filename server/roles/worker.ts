import type { Role } from './role.ts'

/** The encoding queue: the kinds of tasks that say so run here. No door of its own. */
export const worker: Role = () => ({})
