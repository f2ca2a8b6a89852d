import type { Role } from './role.ts'

/** The HTTP API and the pages. */
export const api: Role = ({ sessions, events, site }) => ({
  routes: [...sessions.doors.routes, ...events.doors.routes, ...(site?.doors.routes ?? [])],
})
