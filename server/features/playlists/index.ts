import type { Database } from '#server/database/database.ts'
import type { Accounts } from '../accounts/index.ts'
import { closedKind, playlistJobs } from './jobs.ts'
import { playlistRoutes } from './routes.ts'
import { createPlaylistService, type PlaylistParts } from './service.ts'
import { createPlaylistStore } from './store.ts'

type Parts = Omit<PlaylistParts, 'store' | 'accounts'> & {
  db: Database<'playlist' | 'playlist_item' | 'video' | 'account'>
  accounts: Pick<Accounts, 'profiles' | 'closing'>
}

/** Films in an order that people give them: playlists, series, and what one wants to watch later. */
export function createPlaylists({ db, ...parts }: Parts) {
  const service = createPlaylistService({ ...parts, store: createPlaylistStore(db) })
  parts.accounts.closing.keeps({ kind: 'playlists', count: service.countOf, task: closedKind })
  return { moveAll: service.moveAll, doors: { routes: playlistRoutes(service), jobs: playlistJobs(service) } }
}
