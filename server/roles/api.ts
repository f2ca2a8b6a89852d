import type { Role } from './role.ts'

/** The HTTP API and the pages. */
export const api: Role = ({ sessions, site }) => ({ routes: [...sessions.doors.routes, ...(site?.doors.routes ?? [])] })
