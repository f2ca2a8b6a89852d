import { accountEntries } from './entries/accounts.ts'
import { adminEntries } from './entries/admin.ts'
import { audienceEntries } from './entries/audience.ts'
import { commentEntries } from './entries/comments.ts'
import { danmakuEntries } from './entries/danmaku.ts'
import { houseEntries } from './entries/house.ts'
import { pageEntries } from './entries/pages.ts'
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
  ...danmakuEntries,
  ...houseEntries,
  ...pageEntries,
  ...sessionEntries,
  ...streamEntries,
  ...uploadEntries,
  ...videoEntries,
}
