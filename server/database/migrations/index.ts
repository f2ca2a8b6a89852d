import { migration as ground } from './0000-ground.ts'
import { migration as accounts } from './0001-accounts.ts'
import { migration as tasks } from './0002-tasks.ts'
import { migration as events } from './0003-events.ts'
import { migration as videos } from './0004-videos.ts'
import { migration as repeats } from './0005-repeats.ts'
import { migration as comments } from './0006-comments.ts'
import { migration as uploads } from './0010-uploads.ts'
import { migration as audience } from './0011-audience.ts'
import { migration as danmaku } from './0012-danmaku.ts'
import { migration as grid } from './0035-grid.ts'
import { migration as films } from './0036-films.ts'
import { migration as notices } from './0037-notices.ts'
import { migration as devices } from './0038-devices.ts'
import { migration as conduct } from './0039-conduct.ts'
import { migration as playlists } from './0040-playlists.ts'
import { migration as figures } from './0041-figures.ts'
import { migration as curation } from './0042-curation.ts'
import { migration as said } from './0043-said.ts'
import { migration as makers } from './0044-makers.ts'
import type { Migration } from './migration.ts'

/** In the order in which they run. A new one goes to the end. */
export const migrations: readonly Migration[] = [
  ground,
  accounts,
  tasks,
  events,
  videos,
  repeats,
  comments,
  uploads,
  audience,
  danmaku,
  grid,
  films,
  notices,
  devices,
  conduct,
  playlists,
  figures,
  curation,
  said,
  makers,
]
