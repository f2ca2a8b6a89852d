import type { Role } from './role.ts'

/** Timers, and the consumers of chores. */
export const scheduler: Role = ({ accounts, sessions, events }) => ({
  tasks: [...accounts.doors.jobs.kinds, ...sessions.doors.jobs.kinds, ...events.doors.jobs.kinds],
  recurring: [...accounts.doors.jobs.recurring, ...sessions.doors.jobs.recurring, ...events.doors.jobs.recurring],
})
