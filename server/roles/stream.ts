import type { Role } from './role.ts'

/** Originals, playlists and cells. */
export const stream: Role = ({ streaming }) => ({ routes: streaming.doors.routes })
