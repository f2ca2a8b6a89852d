import type { Role } from './role.ts'

/** Timers, and the consumers of chores. */
export const scheduler: Role = ({ events }) => ({ tasks: [...events.doors.jobs.kinds], recurring: [...events.doors.jobs.recurring] })
