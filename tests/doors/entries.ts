import type { Route } from '#server/http/route.ts'
import { accountEntries } from './entries/accounts.ts'
import { adminEntries } from './entries/admin.ts'
import { audienceEntries } from './entries/audience.ts'
import { commentEntries } from './entries/comments.ts'
import { curationEntries } from './entries/curation.ts'
import { danmakuEntries } from './entries/danmaku.ts'
import { houseEntries } from './entries/house.ts'
import { moderationEntries } from './entries/moderation.ts'
import { noticeEntries } from './entries/notices.ts'
import { pageEntries } from './entries/pages.ts'
import { playlistEntries } from './entries/playlists.ts'
import { sessionEntries } from './entries/sessions.ts'
import { streamEntries } from './entries/streams.ts'
import { uploadEntries } from './entries/uploads.ts'
import { videoEntries } from './entries/videos.ts'
import type { Entries } from './entry.ts'

/** Every door of the house. Whoever adds a route adds it to the entries of its feature, or the matrix fails and names it. */
export const entries: Entries = {
  ...accountEntries,
  ...adminEntries,
  ...audienceEntries,
  ...commentEntries,
  ...curationEntries,
  ...danmakuEntries,
  ...houseEntries,
  ...moderationEntries,
  ...noticeEntries,
  ...pageEntries,
  ...playlistEntries,
  ...sessionEntries,
  ...streamEntries,
  ...uploadEntries,
  ...videoEntries,
}

/** A page may stand at the path of a call to the API: then its entry says that it is the page. */
export function nameOf({ method, path, at }: Route): string {
  const page = `${method} ${path} (page)`
  return at === 'root' && page in entries ? page : `${method} ${path}`
}
