import { hasRole, isPerson, type PolicyTable, type Rule } from './table.ts'

export type PlaylistThing = { ownerId: string; visibility: 'public' | 'unlisted' | 'private' }

export const playlistPolicy = {
  'playlist.create': ((viewer) => hasRole(viewer, 'member')) as Rule<unknown>,
  /** The list itself; each film in it is asked about again. */
  'playlist.see': ((viewer, { ownerId, visibility }) =>
    visibility === 'public' || visibility === 'unlisted' || isPerson(viewer, ownerId)) as Rule<PlaylistThing>,
  'playlist.change': ((viewer, { ownerId }) => isPerson(viewer, ownerId)) as Rule<Pick<PlaylistThing, 'ownerId'>>,
} as const satisfies PolicyTable
