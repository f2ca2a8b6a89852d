import type { Role } from './role.ts'

/** The HTTP API and the pages. */
export const api: Role = ({ accounts, sessions, events, site }) => ({
  routes: [...accounts.doors.routes, ...sessions.doors.routes, ...events.doors.routes, ...(site?.doors.routes ?? [])],
})
