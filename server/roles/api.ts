import type { Role } from './role.ts'

/** The HTTP API and the pages. */
export const api = (({
  accounts,
  admin,
  sessions,
  events,
  videos,
  audience,
  history,
  follows,
  feed,
  danmaku,
  search,
  comments,
  notices,
  transcoding,
  site,
}) => ({
  routes: [
    ...accounts.doors.routes,
    ...admin.doors.routes,
    ...sessions.doors.routes,
    ...events.doors.routes,
    ...videos.doors.routes,
    ...transcoding.doors.routes,
    ...audience.doors.routes,
    ...history.doors.routes,
    ...follows.doors.routes,
    ...feed.doors.routes,
    ...danmaku.doors.routes,
    ...search.doors.routes,
    ...comments.doors.routes,
    ...notices.doors.routes,
    ...(site?.doors.routes ?? []),
  ],
})) satisfies Role
