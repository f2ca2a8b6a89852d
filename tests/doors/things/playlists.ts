import type { Stage } from '../stage.ts'

/** A list of the keeper. */
export async function keptList(stage: Stage, visibility: 'public' | 'private') {
  const { id } = await stage.as<{ id: string }>(stage.people.keeper, 'POST', '/playlists', { title: 'A list', visibility })
  return { id }
}
